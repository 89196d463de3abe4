"""The YAML between two lines ``---`` on top of a text file, and the text below it, verbatim."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from harness.data.validation import data_error
from harness.data.yaml import Document, has_data, parse_yaml
from harness.errors import Problem
from harness.files import read_text, show

_MARK = re.compile(r"---[ \t]*\r?(\n|\Z)")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """A text file in its two pieces."""

    matter: Document
    """Empty where the file has no front matter."""
    text: str
    """Every character below the closing line; all of the file where there is no front matter."""
    first_line: int
    """1-based line of the file on which the text starts."""

    def text_problem(self, message: str) -> Problem:
        """A problem of the text as a whole."""
        return Problem(show(self.matter.path), self.first_line, "", message)


def read(path: Path) -> FrontMatter:
    """A text file in its two pieces; DataError where it is not UTF-8 or its front matter is no YAML mapping."""
    whole = read_text(path)
    opening = _MARK.match(whole)
    if opening is None:
        return FrontMatter(Document(path, {}, {}), whole, 1)
    closing = re.compile(rf"^{_MARK.pattern}", re.MULTILINE).search(whole, opening.end())
    if closing is None:
        raise data_error(path, "opens front matter that is never closed; add a second line --- or remove this one", 1)
    written = whole[opening.end() : closing.start()]
    matter = parse_yaml(written, path, first_line=2) if has_data(written) else Document(path, {}, {})
    return FrontMatter(matter, whole[closing.end() :], whole.count("\n", 0, closing.end()) + 1)
