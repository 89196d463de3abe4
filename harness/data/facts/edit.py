"""Add, change and remove facts in ``facts.yaml``. Lines of other facts, and comments between facts, are not touched.

If a list in a fact changes, harness rewrites only the changed items. For any other key, ruamel.yaml rewrites the fact
and keeps its comments. An edit locks the file. It fails, and changes nothing, if the result would be invalid or if
another fact would change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from harness.data.facts.file import FactEntry, explain_missing_passage, list_entries
from harness.data.facts.wording import find_passage
from harness.data.validation import data_error, key_error, suggest_name, validate
from harness.data.yaml import describe, dump_yaml, has_data, parse_yaml, round_trip
from harness.errors import DataError
from harness.files import lock_file, read_text, write_text
from harness.records import Article
from harness.text import canonical

SCHEMA_LINE = "# yaml-language-server: $schema=../facts.schema.json\n"
KEYS = tuple(FactEntry.model_fields)

_HEAD = re.compile(r"facts:([ \t]*\[[ \t]*\])?")
_DASH = re.compile(r" *-( |$)")


def add(path: Path, entries: Iterable[FactEntry], article: Article) -> None:
    """Append facts; change nothing and raise DataError if an id or a statement already exists."""
    with _edit_file(path, create=True) as file:
        lines, last = file.lines, len(file.facts) - 1
        column, end, blank = 2, file.head + 1, [""]
        if file.facts:
            start, end = file.find_lines(last)
            column = _measure_indent(lines[start])
        else:
            lines[file.head] = _HEAD.sub("facts:", lines[file.head])
        # put a blank line before each new fact only if there is one between the last two facts
        if last > 0 and "" not in lines[file.find_lines(last - 1)[1] : start]:
            blank = []
        added: list[str] = []
        for entry in entries:
            data = entry.dump()
            file.check(data, len(file.facts), article)
            added += [*(blank if file.facts else []), _format_items([data], column)]
            file.facts.append(data)
        lines[end:end] = added
        file.save()


def read_entry(path: Path, fact_id: str) -> FactEntry:
    """Read one fact; raise DataError if the id is unknown or the fact invalid."""
    return _FactsText(path, read_text(path)).entry(fact_id)


def edit(path: Path, fact_id: str, changes: Mapping[str, Any], article: Article) -> None:
    """Set keys of a fact; None or an empty list removes a key."""
    with _edit_file(path) as file:
        before = file.entry(fact_id).model_dump()
        changed = {key: value or None for key, value in changes.items() if (value or None) != (before[key] or None)}
        if changed:
            file.change(file.find(fact_id), changed, article)


def remove(path: Path, fact_ids: Sequence[str]) -> None:
    """Remove facts; comments between facts stay."""
    with _edit_file(path) as file:
        lines = file.lines
        for place in sorted({file.find(fact_id) for fact_id in fact_ids}, reverse=True):
            start, end = file.find_lines(place)
            before, after = lines[start - 1], "".join(lines[end : end + 1])
            if not after and not before:
                start -= 1  # one blank line between facts, not two, and none at the end of the file
            elif not after and before.startswith("facts:"):
                end += 1
            del lines[start:end], file.facts[place]
        if not file.facts:
            lines[file.head] = _HEAD.sub("facts: []", lines[file.head])
        file.save()


class _FactsText:
    """A facts.yaml that is being edited: its lines, and its facts as plain data. A fact's place is its index."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.document = parse_yaml(text, path)
        self.line_break = "\r\n" if "\r\n" in text else "\n"
        self.lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
        self.facts = list_entries(self.document)
        for place, fact in enumerate(self.facts):
            if not isinstance(fact, dict):
                message = f"is {describe(fact)}; write a fact that starts with '- id: NAME', or remove it"
                raise key_error(self.document, ("facts", place), message)
        self.head = self.document.lines["facts",] - 1

    def find(self, fact_id: str) -> int:
        """Return the place of the fact with this id; raise DataError if no fact or several facts have it."""
        ids = [fact.get("id") for fact in self.facts]
        places = [place for place, name in enumerate(ids) if name == fact_id]
        if len(places) > 1:
            raise key_error(self.document, ("facts", places[1], "id"), f"repeats the id {fact_id!r}; rename one")
        if not places:
            known = list(map(str, filter(None, ids)))
            hint = suggest_name(fact_id, known) if known else "the file has no facts yet (harness facts add)"
            raise data_error(self.path, f"there is no fact {fact_id!r}; {hint}")
        return places[0]

    def entry(self, fact_id: str) -> FactEntry:
        place = self.find(fact_id)
        return validate(FactEntry, self.facts[place], ("facts", place), self.document)

    def find_lines(self, place: int) -> tuple[int, int]:
        """Return (start, end) of a fact's lines, without the comments and blank lines after the fact."""
        start = self._find_dash(place)
        column = _measure_indent(self.lines[start])
        if place + 1 < len(self.facts):
            end = self._find_dash(place + 1)
        else:
            outside = re.compile(rf" {{0,{column}}}[^ #]")
            rest = range(start + 1, len(self.lines))
            end = next((number for number in rest if outside.match(self.lines[number])), len(self.lines))
        between = re.compile(rf"\s*$| {{0,{column}}}#")
        while between.match(self.lines[end - 1]):
            end -= 1
        return start, end

    def change(self, place: int, changes: Mapping[str, Any], article: Article) -> None:
        """Set keys of a fact and save the file; None removes a key."""
        start, end = self.find_lines(place)
        below = len(self.lines) - end
        lowest_first = sorted(changes, key=lambda key: self.document.line(("facts", place, key)) or 0, reverse=True)
        rest = {key: changes[key] for key in lowest_first if not self._change_items(place, key, changes[key])}
        if rest:
            self._rewrite(place, start, len(self.lines) - below, rest)
        data = {key: value for key, value in {**self.facts[place], **changes}.items() if value is not None}
        self.check(data, place, article)
        self.facts[place] = data
        self.save()

    def _change_items(self, place: int, key: str, new: Any) -> bool:
        """Change only the lines of changed items, to keep comments; return False unless each item has its own line."""
        old, new, where = self.facts[place].get(key), new or [], ("facts", place, key)
        if not old or not isinstance(old, list):
            return False
        lines, head = self.lines, self.document.lines[where] - 1
        numbers = [self.document.lines[*where, index] - 1 for index in range(len(old))]
        found = [  # group 2 is the comment after the item
            re.fullmatch(rf" *- ([\"']?){re.escape(str(text))}\1( .*)?", lines[number])
            for text, number in zip(old, numbers, strict=True)
        ]
        if not (all(found) and lines[head].lstrip().startswith(key)):
            return False
        column, comments = _measure_indent(lines[numbers[0]]), [(match and match[2]) or "" for match in found]
        for tag, start, end, first, last in reversed(SequenceMatcher(None, old, new, autojunk=False).get_opcodes()):
            if tag == "equal":
                continue
            both = min(end - start, last - first)
            for at, text in zip(range(start, start + both), new[first:last], strict=False):
                lines[numbers[at]] = _format_items([text], column) + comments[at]
            below = numbers[end - 1] + 1 if end else head + 1
            lines[below:below] = [_format_items([text], column) for text in new[first + both : last]]
            for number in reversed(numbers[start + both : end]):
                del lines[number]
        if not new:
            del lines[head]
        return True

    def _rewrite(self, place: int, start: int, end: int, changes: Mapping[str, Any]) -> None:
        """Set keys of the fact in these lines, and rewrite the fact."""
        from ruamel.yaml.error import YAMLError

        try:
            [entry] = round_trip().load("\n".join(self.lines[start:end]) + "\n")
        except YAMLError:
            message = "uses an alias (*) of another fact; to edit it here, write out the value"
            raise key_error(self.document, ("facts", place), message) from None
        for key, value in changes.items():
            if value is None:
                entry.pop(key, None)
            elif key in entry:
                entry[key] = value
            else:
                before = [list(entry).index(name) for name in KEYS[: KEYS.index(key)] if name in entry]
                entry.insert(max(before, default=-1) + 1, key, value)
        self.lines[start:end] = [_format_items([entry], _measure_indent(self.lines[start]))]

    def check(self, data: object, place: int, article: Article) -> None:
        """Raise DataError unless the data is a valid fact of the article, with its own id and statement."""
        entry = validate(FactEntry, data, ("facts", place), self.document)
        if entry.evidence and find_passage(entry.evidence, article.text) is None:
            message = explain_missing_passage(entry.evidence, article)
            raise key_error(self.document, ("facts", place, "evidence"), message)
        for at, other in enumerate(self.facts):
            if at == place:
                continue
            if other.get("id") == entry.id:
                message = f"{entry.id!r} already exists; choose another id"
                raise key_error(self.document, ("facts", at, "id"), message)
            if canonical(str(other.get("statement", ""))) == canonical(entry.statement):
                message = "already says the same; edit this fact, or write another statement"
                raise key_error(self.document, ("facts", at, "statement"), message)

    def save(self) -> None:
        """Write the lines; change nothing and raise DataError unless they parse to exactly ``self.facts``."""
        text = "\n".join(self.lines) + "\n"
        with suppress(DataError):
            if parse_yaml(text, self.path).data.get("facts") == self.facts:
                write_text(self.path, text.replace("\n", self.line_break))
                return
        raise data_error(self.path, "cannot be edited here without changing other facts; edit the file by hand")

    def _find_dash(self, place: int) -> int:
        """Return the line with the dash of a fact; its first key may be on a later line."""
        line = self.document.lines["facts", place] - 1
        while line > self.head and not _DASH.match(self.lines[line]):
            line -= 1
        if line <= self.head:
            message = "is written in brackets or as an alias (*); to edit it here, start each fact with '- id: NAME'"
            raise data_error(self.path, message, self.head + 1)
        return line


@contextmanager
def _edit_file(path: Path, *, create: bool = False) -> Iterator[_FactsText]:
    with lock_file(path):
        text = read_text(path) if path.exists() or not create else SCHEMA_LINE
        if create and not has_data(text):
            text = f"{text.rstrip()}\nfacts: []\n".lstrip()
        yield _FactsText(path, text)


def _format_items(items: Sequence[object], column: int) -> str:
    """Format the items of a list, with their dashes at a column."""
    return "\n".join(line and " " * column + line.removeprefix("  ") for line in dump_yaml(items).split("\n"))


def _measure_indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
