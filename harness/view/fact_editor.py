"""An article with the form of a fact beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from harness.data.articles import Folder
from harness.data.facts import checks as fact_checks
from harness.data.facts import edit as facts_edit
from harness.data.facts import evidence
from harness.data.facts.checks import Remark
from harness.data.facts.edit import FactChangedError
from harness.data.facts.ids import fact_id
from harness.errors import DataError
from harness.records import Article, Fact, Span
from harness.view.fact_form import Form


@dataclass(frozen=True, slots=True)
class FactEditor:
    """What somebody has before them: the article as it is now, and the form as it is typed."""

    folder: Folder
    form: Form
    fact: str = ""
    """Id of the fact that is being edited; empty for a new one."""
    version: str = ""
    """In which it was opened."""

    @property
    def article(self) -> Article:
        """The article; DataError where it cannot be read."""
        if self.folder.article is None:
            raise DataError.of(self.folder.problems)
        return self.folder.article

    @property
    def others(self) -> list[Fact]:
        """The facts of the article but for this one."""
        return [fact for fact in self.folder.facts.facts if fact.id != self.fact]

    @property
    def name(self) -> str:
        """What the fact is called where no other name is typed."""
        return fact_id(self.form.statement, [fact.id for fact in self.others]) if self.form.statement.strip() else ""

    @property
    def chosen(self) -> Span | None:
        """The passage that is the evidence now."""
        return evidence.locate(self.form.draft.evidence, self.article.text)

    def remarks(self) -> list[Remark]:
        """What is to be said of the form as it is."""
        return fact_checks.check(self.form.draft, self.article, self.others)

    def passage(self, place: str) -> str:
        """The passage of the article at ``start-end``; empty where that is no place in it."""
        start, _, end = place.partition("-")
        return self.article.text[int(start) : int(end)] if start.isdecimal() and end.isdecimal() else ""


def as_written(passage: str, text: str) -> str:
    r"""A passage that was marked on a page, as the text has it: pages write control characters out (``\u2067``)."""
    raw = re.sub(r"\\u(20[0-9a-f]{2})", lambda match: chr(int(match[1], 16)), passage)
    return raw if passage not in text and raw in text else passage


@dataclass(frozen=True, slots=True)
class Conflict:
    """The fact was changed or removed by somebody else since it was opened."""

    message: str
    now: Form | None
    """As it is in the file; None where it is gone."""
    fields: Sequence[str] = ()
    """Those in which the form differs from it."""
    version: str = ""
    """In which it is now: a form that is saved with it takes its place."""

    @classmethod
    def of(cls, editor: FactEditor, error: FactChangedError) -> Conflict:
        """What the file has now, beside the form."""
        try:
            entry, version = facts_edit.opened(editor.folder.facts_path, editor.fact)
        except DataError:
            return cls(str(error), None)
        now = Form.of(entry)
        return cls(str(error), now, editor.form.differing(now), version)
