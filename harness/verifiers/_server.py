"""Asking a server that speaks OpenAI's protocol: with a time limit, retries, and its failures sorted.

The openai client makes the requests. It retries what may pass (429, 408, 409, 5xx, a broken or slow connection) with
exponential waits and jitter, and waits as long as a ``Retry-After`` of up to two minutes says.

    ModelError   nothing that is asked can be answered: no server, a wrong key, no such model
    NoAnswer     this question has no answer that can be read; the next may have one
    └── Refused  the server takes no such request (400, 413, 422)
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from harness.errors import ModelError
from harness.verifiers._no_answer import NoAnswer, shown

if TYPE_CHECKING:
    from openai import APIError, APIStatusError, AsyncOpenAI

T = TypeVar("T")
R = TypeVar("R")

OPENAI = "https://api.openai.com/v1"

_UNREACHABLE = (ConnectionRefusedError, socket.gaierror, ssl.SSLError)


class Refused(NoAnswer):
    """The server takes no such request."""

    def __init__(self, message: str, words: str) -> None:
        super().__init__(message)
        self.words = words
        """All that the server says of it; the message has the beginning."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where to ask, and how patiently."""

    url: str
    key_variable: str
    key: str | None = field(repr=False)
    concurrency: int
    """Questions under way at once."""
    retries: int
    try_timeout: float
    """Seconds that may pass without a byte."""
    timeout: float
    """Seconds that an answer may take in all, retries and their waits included."""

    def map(self, ask: Callable[[Line, T], Awaitable[R]], asked: Sequence[T]) -> list[R]:
        """What ``ask`` gives for each, in order; the first ModelError ends them all."""
        if self.url == OPENAI and self.key is None:
            raise ModelError(f"{self.url} needs a key; put it into the environment variable {self.key_variable}")
        return _run(self._all(ask, asked))

    async def _all(self, ask: Callable[[Line, T], Awaitable[R]], asked: Sequence[T]) -> list[R]:
        from openai import AsyncOpenAI

        client = AsyncOpenAI(
            base_url=self.url,
            api_key=self.key or "none",  # the client insists on one
            max_retries=self.retries,
            timeout=self.try_timeout,
        )
        async with client:
            line = Line(self, client)
            return await asyncio.gather(*(ask(line, each) for each in asked))


class Line:
    """An open connection to a server."""

    def __init__(self, server: Server, client: AsyncOpenAI) -> None:
        self._server, self._client = server, client
        self._free = asyncio.Semaphore(server.concurrency)

    async def post(self, path: str, body: dict[str, Any]) -> object:
        """The JSON that a request is answered with; NoAnswer where none comes, ModelError where none can come."""
        from openai import APIError

        limit = self._server.timeout
        async with self._free:
            try:
                async with asyncio.timeout(limit):
                    return await self._client.post(path, body=body, cast_to=object)
            except TimeoutError:
                raise NoAnswer(
                    f"the server gave no whole answer within {limit:g} s, retries included", transient=True
                ) from None
            except APIError as error:
                raise self._sorted(error) from error
            except ValueError:  # of the JSON decoder
                raise NoAnswer("the server's answer is not JSON") from None

    def _sorted(self, error: APIError) -> Exception:
        from openai import APIConnectionError, APIStatusError, APITimeoutError

        if isinstance(error, APIStatusError):
            return self._status(error)
        if isinstance(error, APITimeoutError):
            return NoAnswer(f"the server was silent for {self._server.try_timeout:g} s, at each try", transient=True)
        if isinstance(error, APIConnectionError):
            cause = next((each for each in _causes(error) if isinstance(each, _UNREACHABLE)), None)
            if cause is None:
                return NoAnswer("the connection to the server broke off, at each try", transient=True)
            return ModelError(
                f"nothing can be asked at {self._server.url} ({self._clean(str(cause))}); "
                f"start the server, or set base_url to where it is"
            )
        return NoAnswer(f"the server's answer cannot be read: {self._clean(error.message)}")

    def _status(self, error: APIStatusError) -> Exception:
        said = f"the server answered {error.status_code}: {self._words(error)}"
        match error.status_code:
            case 400 | 413 | 422:
                return Refused(said, str(error.body))
            case 401 | 403:
                return ModelError(
                    f"{self._server.url}: {said}; "
                    f"put a key that it takes into the environment variable {self._server.key_variable}"
                )
            case 404 | 405:
                return ModelError(f"{self._server.url}: {said}; see model, and base_url, which mostly ends in /v1")
            case 429 if error.code == "insufficient_quota":
                return ModelError(f"{self._server.url}: {said}")
        return NoAnswer(said, transient=error.status_code == 429 or error.status_code >= 500)

    def _words(self, error: APIStatusError) -> str:
        body = error.body
        if isinstance(body, dict):
            body = body.get("message") or body.get("detail") or body
        return self._clean(str(body or "nothing more"))

    def _clean(self, text: str) -> str:
        """A server's words as one short line, without the key, which some repeat."""
        if self._server.key:
            text = text.replace(self._server.key, "…")
        return shown(text)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """What an exception was raised for, down to the first cause; the branches of a group too."""
    for cause in (error.__cause__ or error.__context__, *getattr(error, "exceptions", ())):
        if cause is not None:
            yield cause
            yield from _causes(cause)


def _run(work: Coroutine[Any, Any, R]) -> R:
    """Run to the end, also where an event loop runs already, as in a notebook."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
