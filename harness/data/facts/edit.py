"""Add, change and remove facts in ``facts.yaml``. Every other line of the file stays as it is, to the byte.

An edit holds a lock and writes the file in one step. It is refused where the entry would be no valid fact, and where
the new text does not read as the old facts with just that change.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, cast

from filelock import FileLock, Timeout

from harness.data.checked import nearest, refused, refused_at, validated
from harness.data.facts.file import FactEntry, fact_of, not_in_article
from harness.data.facts.layout import KEYS, Entry, indented, layout, written
from harness.data.facts.similar import canonical
from harness.data.yaml.file import Document, holds_data, kind_of, parse
from harness.errors import DataError
from harness.files import read_text, show, write_text
from harness.records import Article
from harness.signature import digest

SCHEMA_LINE = "# yaml-language-server: $schema=../facts.schema.json\n"
LOCK_SECONDS = 10

_EMPTY = re.compile(r"^facts:([ \t]*\[[ \t]*\])?", re.MULTILINE)


def add(path: Path, entries: Iterable[FactEntry], article: Article) -> None:
    """Append facts to the file, or make the file.

    None is added where the id or the statement of one is already there, which is a DataError.
    """
    dumped = [entry.model_dump() for entry in entries]
    with _editing(path, create=True) as file:
        file.append(
            [{key: data[key] for key in KEYS if data[key] not in (None, [], False)} for data in dumped], article
        )


def edit(path: Path, fact_id: str, changes: Mapping[str, object], article: Article) -> None:
    """Give keys of a fact other values; None takes a key away."""
    with _editing(path) as file:
        file.change(file.place(fact_id), changes, article)


def source(path: Path, fact_id: str) -> str:
    """The lines of a fact as they stand in the file."""
    file = _File(path, read_text(path))
    return file.entries[file.place(fact_id)].text


def rewrite(path: Path, fact_id: str, before: str, after: str, article: Article) -> None:
    """Replace the lines of a fact, if they are still ``before``, by others that hold one fact."""
    with _editing(path) as file:
        place = file.place(fact_id)
        entry = file.entries[place]
        if entry.text != before:
            raise file.refused(place, "was changed by another command meanwhile; edit it again")
        new = _File(path, _spliced(file.text, entry, after.rstrip("\n") + "\n"))
        if len(new.facts) != len(file.facts):
            raise file.refused(place, "must stay one fact, from one line - id: NAME on")
        new.check(new.facts[place], place, article)
        file.save(new.text, file.with_fact(place, new.facts[place]))


class Removed(NamedTuple):
    """What a removal took out of a file, so that it can be undone."""

    before: str
    """The text of the file before, with line breaks as \\n."""
    after: str
    entries: tuple[object, ...]
    """The facts as data."""


def remove(path: Path, fact_ids: Sequence[str], versions: Mapping[str, str] | None = None) -> Removed:
    """Take facts out of the file; comments between the facts stay.

    ``versions`` are those in which they were opened: FactChangedError where one is another by now.
    """
    with _editing(path) as file:
        places = {file.unchanged(fact, versions[fact]) if versions else file.place(fact) for fact in fact_ids}
        text, entries = file.text, file.entries
        for place in sorted(places, reverse=True):
            text = _without(text, entries[place])
        left = [fact for place, fact in enumerate(file.facts) if place not in places]
        after = text if left else _EMPTY.sub("facts: []", text, count=1)
        file.save(after, left)
        return Removed(file.text, after, tuple(file.facts[place] for place in sorted(places)))


def undo(path: Path, removed: Removed, article: Article) -> None:
    """Put back what was removed: the file as it was, or the facts at its end where it was changed meanwhile.

    DataError where a fact of that id or statement is there again.
    """
    with _editing(path, create=True) as file:
        if file.text == removed.after:
            file.save(removed.before, parse(removed.before, path).data["facts"])
            return
        file.append(cast("Sequence[Mapping[str, object]]", removed.entries), article)


class Opened(NamedTuple):
    """A fact as it was when somebody opened it to edit it."""

    entry: FactEntry
    version: str
    """What tells its lines from all others that may stand there."""


def opened(path: Path, fact_id: str) -> Opened:
    """A fact to edit; DataError where the file has none of that id, or what it has is no fact."""
    file = _File(path, read_text(path))
    place = file.place(fact_id)
    return Opened(file.entry(place), file.version(place))


def replace(path: Path, fact_id: str, entry: FactEntry, version: str, article: Article) -> None:
    """Give a fact the values of the entry, if it still has the version which it was opened in.

    Only the keys that differ are written. FactChangedError where somebody else changed or removed it meanwhile.
    """
    with _editing(path) as file:
        place = file.unchanged(fact_id, version)
        before, after = file.entry(place).model_dump(), entry.model_dump()
        changes = {key: after[key] or None for key in KEYS if after[key] != before[key]}
        if changes:
            file.change(place, changes, article)


class FactChangedError(DataError):
    """A fact is not any more what it was when somebody opened it."""


class _File:
    """A file of facts that is being edited: its text with line breaks as \\n, and what that reads as."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.crlf = 0 < text.count("\n") == text.count("\r\n")
        self.text = text.replace("\r\n", "\n") if self.crlf else text
        self.text += "" if self.text.endswith("\n") else "\n"
        self.document: Document = parse(self.text, path)
        self.facts: list[Any] = _listed(self.document)

    @cached_property
    def entries(self) -> list[Entry]:
        """Where the facts stand in the text."""
        return layout(self.text, self.path)

    def entry(self, place: int) -> FactEntry:
        """The fact at a place; DataError where what stands there is none."""
        return validated(FactEntry, self.facts[place], ("facts", place), self.document)

    def version(self, place: int) -> str:
        """What tells the lines of a fact from all others that may stand there."""
        return digest(self.entries[place].text)

    def refused(self, place: int, message: str, *key: str) -> DataError:
        """What is wrong with the fact at a place, or with a key of it, as an error."""
        return refused_at(self.document, ("facts", place, *key), message)

    def place(self, fact_id: str) -> int:
        """The number of the fact with an id; DataError where none has it, or several."""
        ids = [fact.get("id") for fact in self.facts]
        places = [place for place, name in enumerate(ids) if name == fact_id]
        if len(places) > 1:
            raise self.refused(places[1], f"{fact_id!r} is the id of several facts; rename one", "id")
        if not places:
            names = [name for name in ids if isinstance(name, str)]
            hint = f"there is no fact {fact_id!r}; {nearest(fact_id, names)}" if names else "there are no facts"
            raise refused(self.path, hint)
        return places[0]

    def unchanged(self, fact_id: str, version: str) -> int:
        """The number of a fact that has the version which it was opened in; FactChangedError where none has."""
        if not any(fact.get("id") == fact_id for fact in self.facts):
            message = f"{fact_id!r} was removed or renamed meanwhile; nothing was written"
            raise FactChangedError.at(show(self.path), message)
        place = self.place(fact_id)
        if self.version(place) != version:
            raise FactChangedError.of(self.refused(place, "was changed meanwhile; nothing was written").problems)
        return place

    def change(self, place: int, changes: Mapping[str, object], article: Article) -> None:
        """Write other values of a fact; None takes a key away."""
        changed = entry = self.entries[place]
        for key, value in changes.items():
            changed = changed.with_value(key, value)
        data = {key: value for key, value in {**self.facts[place], **changes}.items() if value is not None}
        self.check(data, place, article)
        self.save(_spliced(self.text, entry, changed.text), self.with_fact(place, data))

    def append(self, entries: Sequence[Mapping[str, object]], article: Article) -> None:
        """Write facts after the last one."""
        text = _appended(self, entries)
        for data in entries:
            self.check(data, len(self.facts), article)
            self.facts.append(data)
        self.save(text, self.facts)

    def with_fact(self, place: int, data: Any) -> list[Any]:
        return [*self.facts[:place], data, *self.facts[place + 1 :]]

    def check(self, data: Any, place: int, article: Article) -> None:
        """DataError unless the data is a fact of the article that is not in the file yet, its own place aside."""
        entry = validated(FactEntry, data, ("facts", place), self.document)
        if entry.evidence and fact_of(entry, article).evidence is None:
            raise self.refused(place, not_in_article(entry.evidence, article), "evidence")
        for other, fact in enumerate(self.facts):
            if other == place:
                continue
            if fact.get("id") == entry.id:
                raise self.refused(other, f"{entry.id!r} is already there; choose another id", "id")
            if canonical(str(fact.get("statement", ""))) == canonical(entry.statement):
                raise self.refused(other, "says the same already; edit that fact, or state another", "statement")

    def save(self, text: str, facts: list[Any]) -> None:
        """Write the text if it reads as the facts."""
        try:
            reads = parse(text, self.path).data.get("facts")
        except DataError:
            reads = None
        if reads != facts:
            message = "cannot be edited from here without changing more than was asked; edit the file by hand"
            raise refused(self.path, message)
        write_text(self.path, _mark(self.path) + (text.replace("\n", "\r\n") if self.crlf else text))


def _mark(path: Path) -> str:
    """The byte order mark that a file begins with; empty where it has none."""
    return "\ufeff" if path.exists() and path.read_bytes().startswith(BOM_UTF8) else ""


def _listed(document: Document) -> list[Any]:
    """The facts of a file as data; DataError where it has no list of them, or where an entry is no mapping."""
    if "facts" not in document.data:
        raise refused_at(
            document, ("facts",), "is missing; write facts: and below it each fact, from a line - id: NAME on"
        )
    facts = document.data["facts"]
    if not isinstance(facts, list):
        raise refused_at(document, ("facts",), f"is {kind_of(facts)}; write facts: []")
    others = [place for place, fact in enumerate(facts) if not isinstance(fact, dict)]
    if others:
        message = "is {}; write it as a fact, from a line - id: NAME on, or remove it"
        raise DataError.of([document.problem(("facts", at), message.format(kind_of(facts[at]))) for at in others])
    return facts


@contextmanager
def _editing(path: Path, *, create: bool = False) -> Iterator[_File]:
    path = path.resolve() if path.is_symlink() else path  # the file is written anew, and a link stays one
    lock = path.with_name(f".{path.name}.lock")
    try:
        with FileLock(lock, timeout=LOCK_SECONDS):
            try:
                text = read_text(path) if path.exists() or not create else SCHEMA_LINE
                if create and not holds_data(text):
                    text = f"{text.rstrip()}\nfacts: []\n".lstrip()
                yield _File(path, text)
            finally:
                with suppress(OSError):  # Windows keeps a file that is open; who waits for this one takes a new one
                    lock.unlink()
    except Timeout:
        raise refused(path, "is being edited by another command; try again when it is done") from None
    except OSError as error:
        message = f"cannot be written: {error.strerror}; its folder must be there, and you must be allowed to write it"
        raise refused(path, message) from None


def _spliced(text: str, entry: Entry, new: str) -> str:
    return text[: entry.start] + new + text[entry.end :]


def _appended(file: _File, entries: Sequence[Mapping[str, object]]) -> str:
    """The text with facts after the last one, set apart by blank lines where the others are."""
    text, there = file.text, file.entries
    dash = " " * (there[-1].column if there else 2) + "- "
    new = [dash + indented(written(data), " " * len(dash)) + "\n" for data in entries]
    if not there:
        text = _EMPTY.sub("facts:", text, count=1)
        head = _EMPTY.search(text)
        end = text.index("\n", head.start()) + 1 if head else len(text)
        return text[:end] + "".join(new) + text[end:]
    end = there[-1].end
    gap = text[there[-2].end : there[-1].start] if len(there) > 1 else "\n"
    blank = "\n" if "\n" in gap else ""
    return text[:end] + "".join(blank + each for each in new) + text[end:]


def _without(text: str, entry: Entry) -> str:
    above, below = text[: entry.start], text[entry.end :]
    if below.startswith("\n") and above.endswith(("\n\n", ":\n")):
        below = below[1:]
    return above + below if below.strip() else above.rstrip("\n") + "\n" + below.lstrip("\n")
