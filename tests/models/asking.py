"""Helpers that ask a model for summaries, as the generate stage does."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from harness.records import Article, Generation, Item, Message, Request
from harness.seams import Model

REAL = Path(__file__).parents[2] / "references" / "zelensky-us-support"


def request(item: Item, sample: int = 0, variant: str | None = None, key: str = "request") -> Request:
    """A request to a baseline."""
    return Request(key, item, "s", (), sample, 0, variant)


def prompt(text: str, key: str, seed: int = 0, system: str | None = None, article: str = "") -> Request:
    """A request to a generative model. ``article``: the article's text, if the test needs it."""
    turns = [*([Message("system", system)] if system else []), Message("user", text)]
    return Request(key, Item(Article("a", article)), "s", tuple(turns), 0, seed)


def generate_one(model: Model, asked: Request) -> Generation:
    """The one generation for a request."""
    (made,) = model.generate([asked])
    assert made.request_id == asked.id
    assert (made.text is None) == (made.reason is not None)
    return made


def generate_all(model: Model, asked: Iterable[Request]) -> dict[str, Generation]:
    """The generation for each request id."""
    requests = list(asked)
    made = {generation.request_id: generation for generation in model.generate(requests)}
    assert made.keys() == {one.id for one in requests}
    return made
