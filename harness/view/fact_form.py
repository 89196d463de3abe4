"""The form for a fact: parse and validate the form, and write the fact to ``facts.yaml``.

If the file has changed since the page was opened, nothing is edited or removed. Changes can be undone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

from harness.data.articles import Folder
from harness.data.facts import FactEntry
from harness.data.facts import edit as facts_edit
from harness.data.facts.wording import make_fact_id
from harness.data.lines import RowPlace
from harness.data.lint import needs_fact
from harness.data.validation import validate
from harness.document.segments import split_segments
from harness.errors import DataError
from harness.files import lock_file, show, write_bytes
from harness.records import Article, Fact, Span
from harness.signature import file_digest
from harness.text import paragraphs, sentences
from harness.view.context import Context, FactsEdit


@dataclass(frozen=True, slots=True)
class FactForm:
    """The fields as typed; ``accepted`` and ``contradictions`` have one wording per line."""

    id: str = ""
    statement: str = ""
    importance: str = "supporting"
    kind: str = "event"
    evidence: str = ""
    accepted: str = ""
    contradictions: str = ""

    @classmethod
    def of(cls, fact: FactEntry) -> FactForm:
        """Fill a form with a fact from the file."""
        return cls(
            id=fact.id,
            statement=_join_lines(fact.statement),
            importance=fact.importance,
            kind=fact.kind,
            evidence=fact.evidence or "",
            accepted="\n".join(map(_join_lines, fact.accepted)),
            contradictions="\n".join(map(_join_lines, fact.contradictions)),
        )

    @classmethod
    def parse(cls, given: Mapping[str, str], article: Article) -> FactForm:
        r"""Parse a submitted form. Unescape the control characters (``\u2067``) that the page escaped in evidence."""
        names = [field.name for field in fields(cls)]
        values = {name: given[name].replace("\r\n", "\n") for name in names if given.get(name)}
        passage = values.get("evidence", "")
        raw = re.sub(r"\\u(20[0-9a-f]{2})", lambda match: chr(int(match[1], 16)), passage)
        if passage not in article.text and raw in article.text:
            values["evidence"] = raw
        return cls(**values)

    @property
    def draft(self) -> FactEntry:
        """An entry with the values as typed, not validated."""
        values: dict[str, Any] = {
            **asdict(self),
            "id": self.id.strip(),
            "evidence": self.evidence.strip() or None,
            "accepted": _split_lines(self.accepted),
            "contradictions": _split_lines(self.contradictions),
        }
        return FactEntry.model_construct(**values)

    def to_entry(self, taken: Collection[str]) -> FactEntry:
        """Return the validated fact; without an id, make one from the statement. Invalid values raise DataError."""
        draft = self.draft
        name = draft.id or make_fact_id(draft.statement, taken)
        values = {**dict(draft), "id": name, "statement": _join_lines(draft.statement)}
        return validate(FactEntry, values, (), RowPlace(""))


def _split_lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _join_lines(text: str) -> str:
    return " ".join(text.split())


# Writing --------------------------------------------------------------------------------------------------------------


def hash_file(path: Path) -> str:
    """Return a hash of a file's content, or '' if there is no file."""
    return file_digest(path) if path.is_file() else ""


def read_form(path: Path, fact: str) -> FactForm:
    """Fill a form with a fact from the file; raise DataError if there is no such fact or it is invalid."""
    return FactForm.of(facts_edit.read_entry(path, fact))


def save_fact(context: Context, folder: Folder, form: FactForm, version: str, fact: str) -> None:
    """Replace the fact with the id ``fact``, or add a fact if the id is empty.

    Raises DataError if a fact is replaced and the file no longer has the ``version`` that the page showed.
    """
    entry = form.to_entry([each.id for each in folder.facts.facts if each.id != fact])
    path, article = folder.facts_path, folder.require_article()
    with _record_edit(context, path, version if fact else None, f"saved {entry.id}"):
        if fact:
            facts_edit.edit(path, fact, entry.model_dump(), article)
        else:
            facts_edit.add(path, [entry], article)


def remove_fact(context: Context, folder: Folder, fact: str, version: str) -> None:
    with _record_edit(context, folder.facts_path, version, f"removed {fact}"):
        facts_edit.remove(folder.facts_path, [fact])


def undo_edit(context: Context, path: Path, version: str) -> None:
    """Undo the app's last change to a file; raise DataError unless it made ``version`` and the file still has it."""
    last = next((edit for edit in reversed(context.edits) if edit.path == path), None)
    if last is None or version != last.version:
        raise DataError(_explain_change(path))
    with lock_file(path):
        if hash_file(path) != version:
            raise DataError(f"{show(path)} changed after the edit that you want to undo; undo it by hand")
        write_bytes(path, last.before)
    context.edits.remove(last)


@contextmanager
def _record_edit(context: Context, path: Path, version: str | None, description: str) -> Iterator[None]:
    """Record the edit that the ``with`` block makes, for undo; raise DataError if the file has another ``version``."""
    if version is not None and hash_file(path) != version:
        raise DataError(_explain_change(path))
    before = path.read_bytes() if path.is_file() else b"facts: []\n"
    yield
    context.edits.append(FactsEdit(path, before, hash_file(path), description))


def _explain_change(path: Path) -> str:
    return f"{show(path)} changed since you opened this page; check the facts below, then press the button again"


# The article next to the form ----------------------------------------------------------------------------------------


class MarkedPiece(NamedTuple):
    """A part of a paragraph; inside it, no passage and no sentence begins or ends."""

    text: str
    facts: tuple[str, ...]
    """Ids of the facts whose evidence covers it."""
    is_chosen: bool
    """True if the evidence in the form covers it."""
    sentence: Span | None
    """The sentence that ends with this piece; None if none does."""


class MarkedParagraph(NamedTuple):
    """A paragraph of the article, i.e. one line."""

    pieces: tuple[MarkedPiece, ...]
    is_bare: bool
    """True if the paragraph needs a fact and contains no fact's evidence."""


def mark_article(article: Article, facts: Sequence[Fact], chosen: Span | None) -> Iterator[MarkedParagraph]:
    """Yield the paragraphs of the article, split where evidence begins and ends. ``chosen`` is the form's evidence."""
    passages = [(fact.evidence, fact.id) for fact in facts if fact.evidence]
    passages += [(chosen, "")] if chosen else []
    spans = sentences(article.text, article.language)
    for paragraph in paragraphs(article.text):
        own = [span for span in spans if span.overlaps(paragraph)]
        near = [(span, name) for span, name in passages if span.overlaps(paragraph)]
        pieces = tuple(_mark_pieces(paragraph, own, near))
        yield MarkedParagraph(pieces, is_bare=not near and needs_fact(paragraph, article))


def _mark_pieces(
    paragraph: Span, own_sentences: Sequence[Span], passages: Sequence[tuple[Span, str]]
) -> Iterator[MarkedPiece]:
    """Split a paragraph where its sentences and passages begin and end. The space between sentences is never marked."""
    count = len(own_sentences)
    spans = [*own_sentences, *(span for span, _ in passages)]
    for segment in split_segments(paragraph.text, spans, paragraph.start):
        in_sentence = any(index < count for index in segment.covering)
        names = [passages[index - count][1] for index in segment.covering if index >= count] if in_sentence else []
        ended = next((own_sentences[index] for index in segment.closing if index < count), None)
        yield MarkedPiece(segment.text, tuple(filter(None, names)), "" in names, ended)
