"""Asking a server many questions at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from harness.errors import ModelError
from harness.servers import background
from harness.servers.line import Address, Line
from harness.servers.no_answer import Failed, NoAnswer

T = TypeVar("T")
R = TypeVar("R")

OPENAI = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True)
class Server:
    """Where to ask, and how many questions may be under way."""

    address: Address
    concurrency: int

    def each(self, ask: Callable[[Line, T], Awaitable[R]], asked: Sequence[T]) -> Iterator[tuple[int, R | NoAnswer]]:
        """(place, answer or why there is none), as the answers come; the first ModelError ends them all."""
        if self.address.url == OPENAI and self.address.key is None:
            variable = self.address.key_variable
            raise ModelError(f"{OPENAI} needs a key; put it into the environment variable {variable}")

        async def work(give: Callable[[tuple[int, R | NoAnswer]], None]) -> None:
            await self._ask_all(ask, iter(enumerate(asked)), give)

        return background.results(work)

    def map(self, ask: Callable[[Line, T], Awaitable[R]], asked: Sequence[T]) -> list[R | NoAnswer]:
        """What ``ask`` gives for each, or why there is nothing, in order."""
        found = dict(self.each(ask, asked))
        return [found[place] for place in range(len(asked))]

    async def _ask_all(
        self,
        ask: Callable[[Line, T], Awaitable[R]],
        waiting: Iterator[tuple[int, T]],
        give: Callable[[tuple[int, R | NoAnswer]], None],
    ) -> None:
        from openai import AsyncOpenAI

        client = AsyncOpenAI(
            base_url=self.address.url,
            api_key=self.address.key or "none",  # the client insists on one
            max_retries=self.address.retries,
            timeout=self.address.try_timeout,
        )
        patience = _Patience(max(10, 2 * self.concurrency), self.address.url)

        async def clerk(line: Line) -> None:
            for place, each in waiting:
                try:
                    answer: R | NoAnswer = await ask(line, each)
                except NoAnswer as reason:
                    answer = reason
                give((place, answer))
                patience.spend(answer)

        async with client:
            try:
                async with asyncio.TaskGroup() as clerks:
                    line = Line(self.address, client)
                    for _ in range(self.concurrency):
                        clerks.create_task(clerk(line))
            except ExceptionGroup as errors:
                raise errors.exceptions[0] from None


class _Patience:
    """Ends a run in which the server fails again and again in one way: the rest would fail in no other."""

    def __init__(self, limit: int, url: str) -> None:
        self._limit, self._url = limit, url
        self._words, self._times = "", 0

    def spend(self, answer: object) -> None:
        """ModelError where this is one failure of one kind too many."""
        if not isinstance(answer, Failed):
            self._words = ""
            return
        self._times = self._times + 1 if str(answer) == self._words else 1
        self._words = str(answer)
        if self._times >= self._limit:
            raise ModelError(
                f"{self._url}: {answer}; that was so {self._times} times in a row, and the rest is not asked: "
                f"see to the server or the config, and run this again"
            )
