"""Parts of speech, dependencies and named entities of English, by spaCy and the packaged model.

spaCy is imported when a text is first read, and without torch: the packaged model does not need it, and importing it
takes seconds and 180 MB.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import version
from threading import get_ident
from typing import TYPE_CHECKING

from harness.text import replace_surrogates
from harness.weights import store

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

MODEL = "en-core-web-sm"
_APOSTROPHE = re.compile(r"(?<=\w)’(?=\w)")


def depends() -> dict[str, str]:
    """Return the versions that parses depend on."""
    return {"spacy": version("spacy"), MODEL: store.checksum(MODEL)[:8]}


@lru_cache(maxsize=4096)
def parse(text: str) -> Doc:
    """Parse a text; offsets of the tokens are offsets into ``text``. StoreError if the model cannot be loaded."""
    # the parser was trained on straight apostrophes, which are as long as curly ones
    return _language()(_APOSTROPHE.sub("'", replace_surrogates(text)))


def end(token: Token) -> int:
    """Return the character offset after a token."""
    return int(token.idx + len(token))


def neighbour(token: Token, step: int) -> Token | None:
    """Return the token ``step`` places away, or None."""
    at = token.i + step
    return token.doc[at] if 0 <= at < len(token.doc) else None


def beside(token: Token, step: int) -> str:
    """Return the word ``step`` places away in lower case, or ''."""
    near = neighbour(token, step)
    return near.lower_ if near is not None else ""


def child(token: Token, *dependencies: str) -> Token | None:
    """Return the first child with one of these dependencies."""
    return next((other for other in token.children if other.dep_ in dependencies), None)


def finite_auxiliaries(verb: Token) -> Iterator[Token]:
    return (other for other in verb.lefts if other.dep_ in ("aux", "auxpass"))


@lru_cache(maxsize=1)
def _language() -> Language:
    hider = _TorchHider()
    sys.meta_path.insert(0, hider)
    try:
        import spacy
    finally:
        sys.meta_path.remove(hider)
    return spacy.load(store.path(MODEL))


class _TorchHider:
    """An import hook that makes torch look uninstalled to the thread that created the hook."""

    def __init__(self) -> None:
        self._thread = get_ident()

    def find_spec(self, name: str, *_: object) -> None:
        if name == "torch" and get_ident() == self._thread:
            raise ModuleNotFoundError("spaCy does not need torch here", name=name)
