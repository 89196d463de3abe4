"""Parts of speech, dependencies and named entities of English, by spaCy and the packaged model.

spaCy is imported when a text is first read, and without torch: the packaged model does not need it, and importing it
takes seconds and 180 MB.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib.abc import MetaPathFinder
from importlib.metadata import version
from threading import get_ident
from typing import TYPE_CHECKING

from harness.text import replace_surrogates
from harness.weights import store

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    from spacy.language import Language
    from spacy.tokens import Doc, Token

MODEL = "en-core-web-sm"
_APOSTROPHE = re.compile(r"(?<=\w)’(?=\w)")


def depends() -> dict[str, str]:
    """The versions that parses depend on, for ``Plugin.depends``."""
    return {"spacy": version("spacy"), MODEL: store.checksum(MODEL)[:8]}


@lru_cache(maxsize=4096)
def parse(text: str) -> Doc:
    """The parsed text; offsets of its tokens are into ``text``. Raises StoreError if the model cannot be loaded."""
    return _language()(_plain_apostrophes(text))


def end(token: Token) -> int:
    """The character offset after a token."""
    return int(token.idx + len(token))


def neighbour(token: Token, step: int) -> Token | None:
    """The token ``step`` places away, or None."""
    at = token.i + step
    return token.doc[at] if 0 <= at < len(token.doc) else None


def beside(token: Token, step: int) -> str:
    """The word ``step`` places away in lower case, or ''."""
    near = neighbour(token, step)
    return near.lower_ if near is not None else ""


def child(token: Token, *dependencies: str) -> Token | None:
    """The first child with one of these dependencies."""
    return next((other for other in token.children if other.dep_ in dependencies), None)


def finite_auxiliaries(verb: Token) -> Iterator[Token]:
    """The auxiliaries of a verb, in order."""
    return (other for other in verb.lefts if other.dep_ in ("aux", "auxpass"))


def _plain_apostrophes(text: str) -> str:
    """The text with the apostrophes that the parser was trained on, at equal length."""
    return _APOSTROPHE.sub("'", replace_surrogates(text))


@lru_cache(maxsize=1)
def _language() -> Language:
    with _without("torch"):
        import spacy

    return spacy.load(store.path(MODEL))


@contextmanager
def _without(module: str) -> Iterator[None]:
    """Make imports of a module fail in this thread, unless it is imported already."""
    hider = _Hider(module)
    sys.meta_path.insert(0, hider)
    try:
        yield
    finally:
        sys.meta_path.remove(hider)


class _Hider(MetaPathFinder):
    """Makes a module look uninstalled to the thread that created this."""

    def __init__(self, module: str) -> None:
        self._module, self._thread = module, get_ident()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname == self._module and get_ident() == self._thread:
            raise ModuleNotFoundError(f"{fullname} is not needed here", name=fullname)
        return None
