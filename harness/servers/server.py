"""Asking a server many questions at once."""

from __future__ import annotations

import asyncio
import ipaddress
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from harness.errors import HarnessError, ModelError, without_ids
from harness.servers import guarded
from harness.servers.connection import Address, Connection
from harness.servers.no_answer import Failed, NoAnswer, shown

if TYPE_CHECKING:
    from openai import AsyncOpenAI

T = TypeVar("T")
R = TypeVar("R")

OPENAI = "https://api.openai.com/v1"

_announced: set[str] = set()
"""The addresses whose host was named on standard error."""


class FailureLimit:
    """Ends the asking where a server fails in the same way again and again: the rest would fail like it."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._last, self._times = "", 0

    def spend(self, answer: object, url: str) -> None:
        """ModelError where this is one failure of one kind too many; what is asked after that is counted anew."""
        if not isinstance(answer, Failed):
            self._last = ""
            return
        kind = without_ids(str(answer))
        self._times = self._times + 1 if kind == self._last else 1
        self._last = kind
        if self._times >= self._limit:
            self._last = ""
            raise ModelError(
                f"{url}: {answer}; that was so {self._times} times in a row, and the rest is not asked: "
                f"see to the server or the config, and run this again"
            )


@dataclass(frozen=True, slots=True)
class Server:
    """Where to ask, and how many questions may be under way."""

    address: Address
    concurrency: int
    failure_limit: FailureLimit

    def each(
        self,
        answer_to: Callable[[Connection, T], Awaitable[R]],
        requests: Sequence[T],
        begin: Callable[[Connection], Awaitable[None]] | None = None,
    ) -> Iterator[tuple[int, R | NoAnswer]]:
        """(place, answer or why there is none), as the answers come; the first ModelError ends them all.

        ``begin`` goes before all questions.
        """
        self._require_key()
        if requests:
            announce(self.address)

        async def work(deliver: Callable[[tuple[int, R | NoAnswer]], None]) -> None:
            async with self._client() as client:
                connection = Connection(self.address, client)
                if begin is not None:
                    await begin(connection)
                await self._ask_all(lambda each: answer_to(connection, each), iter(enumerate(requests)), deliver)

        return streamed(work) if requests else iter(())

    def map(self, answer_to: Callable[[Connection, T], Awaitable[R]], requests: Sequence[T]) -> list[R | NoAnswer]:
        """What ``answer_to`` gives for each, or why there is nothing, in order."""
        answers = dict(self.each(answer_to, requests))
        return [answers[place] for place in range(len(requests))]

    def _require_key(self) -> None:
        """ModelError where OpenAI would be asked without a key, or a server with one that no request can carry."""
        key, variable = self.address.key, self.address.key_variable
        if key is None:
            if self.address.url == OPENAI:
                raise ModelError(f"{OPENAI} needs a key; put it into the environment variable {variable}")
        elif not (key.isascii() and key.isprintable()):
            raise ModelError(
                f"the key in {variable} holds a character that no request can carry, such as a line break or a curly "
                f"quotation mark; set the variable again"
            )

    async def _ask_all(
        self,
        answer_to: Callable[[T], Awaitable[R]],
        waiting: Iterator[tuple[int, T]],
        deliver: Callable[[tuple[int, R | NoAnswer]], None],
    ) -> None:
        async def worker() -> None:
            for place, each in waiting:
                try:
                    answer: R | NoAnswer = await answer_to(each)
                except NoAnswer as reason:
                    answer = reason
                except HarnessError:  # nothing that is asked can be answered
                    raise
                except Exception as error:  # noqa: BLE001  # whatever one answer does to its reader is that answer's reason
                    answer = Failed(f"the answer cannot be read ({shown(f'{type(error).__name__}: {error}')})")
                deliver((place, answer))
                self.failure_limit.spend(answer, self.address.url)

        try:
            async with asyncio.TaskGroup() as workers:
                for _ in range(self.concurrency):
                    workers.create_task(worker())
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None

    def _client(self) -> AsyncOpenAI:
        from openai import AsyncOpenAI

        return AsyncOpenAI(
            base_url=self.address.url,
            api_key=self.address.key or "none",  # the client insists on one
            max_retries=0,  # tries are counted in one place, ``Connection``
            timeout=self.address.try_timeout,
            http_client=guarded.client(self.address.max_bytes),
            default_headers={"Accept-Encoding": "identity"},
        )


def announce(address: Address) -> None:
    """Say once on standard error where texts are sent, and with which key, unless to this machine or to OpenAI."""
    host = urlsplit(address.url).hostname or ""
    if address.url in _announced or is_openai(address.url) or _is_loopback(host):
        return
    _announced.add(address.url)
    key = f", with the key in {address.key_variable}" if address.key else ""
    sys.stderr.write(f"harness: asking {shown(host)} ({shown(address.url)}){key}\n")


def is_openai(url: str) -> bool:
    """Whether a URL leads to OpenAI's own server."""
    return urlsplit(url).hostname == urlsplit(OPENAI).hostname


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def streamed(work: Callable[[Callable[[R], None]], Awaitable[None]]) -> Iterator[R]:
    """The results that asynchronous work hands to the function it is given, each as soon as it is there.

    The work runs in a thread of its own. It goes on while a result is used, and ends where no more are taken (an error,
    Ctrl-C). It may be called where an event loop runs already, as in a notebook. What ends the work is raised after its
    results.
    """
    from anyio.from_thread import start_blocking_portal

    results: SimpleQueue[tuple[R] | None] = SimpleQueue()
    with start_blocking_portal() as portal:
        working = portal.start_task_soon(work, lambda result: results.put((result,)))
        working.add_done_callback(lambda _: results.put(None))
        try:
            while (result := results.get()) is not None:
                yield result[0]
            working.result()
        finally:
            working.cancel()
