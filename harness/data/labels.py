"""People's labels of premises and hypotheses, in an append-only ``labels.jsonl`` beside each article or table.

    references/<article-id>/labels.jsonl    for an article in a folder
    articles.jsonl.labels.jsonl             for all articles of a JSONL, CSV or Parquet file
    labels: FILE in the config              for all articles of the config, e.g. from a data set

A line withdraws or replaces an earlier line by naming the earlier line's id, so the file keeps the history of labels.
Several people may label at once. harness never removes a line, not even a malformed one.

To label with another tool, export pairs and import their labels. Both files are JSONL with one pair per line:

    export  {"id", "article", "use", "premise", "hypothesis", "label": null, "note": ""}
    import  {"id", "label", "note"?}; other keys are ignored, and null means not labelled yet
"""

from __future__ import annotations

import codecs
import os
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from harness.data.articles.sources import TABLES
from harness.data.lines import RowPlace, json_lines, merge_repeats, parse_rows
from harness.data.validation import collect_problems, data_error, key_error, validate
from harness.errors import DataError, Problem, explain_invalid
from harness.files import lock_file, open_to_append, read_bytes, require_safe, show, suggest_file
from harness.records import PEOPLE, Annotation, Article, Check, Item, Label, Probabilities, Results, Use, Verdict
from harness.signature import digest

_LINE = TypeAdapter(Annotation)


def find_path(article: Article, labels_file: Path | None = None) -> Path | None:
    """Return the file with an article's labels, or None if its labels need their own file (``labels_file``)."""
    if labels_file is not None:
        return labels_file
    path = Path(article.path)
    if path.name == "article.md":
        return path.with_name("labels.jsonl")
    if path.suffix.lower() in TABLES:
        return path.with_name(f"{path.name}.labels.jsonl")
    return None


def require_path(article: Article, labels_file: Path | None = None) -> Path:
    """Return the file that holds an article's labels; raise DataError if the config must name one."""
    if path := find_path(article, labels_file):
        return path
    message = "its labels need their own file; set labels: FILE.jsonl in the config and run it again"
    raise DataError.at(article.path, message)


def load_labels(
    items: Iterable[Item], labels_file: Path | None = None
) -> tuple[tuple[Annotation, ...], tuple[Problem, ...]]:
    """Load the current labels of these articles, and the problems: malformed lines, or a missing ``labels_file``."""
    labels, problems = list[Annotation](), list[Problem]()
    if labels_file is not None and not labels_file.exists():
        message = f"does not exist yet, so no labels are used{suggest_file(labels_file)}"
        problems.append(Problem(show(labels_file), None, "", message))
    for path in dict.fromkeys(filter(None, (find_path(item.article, labels_file) for item in items))):
        with collect_problems(problems):
            lines, faults = _parse_file(path)
            labels += select_current(lines)
            problems += merge_repeats(faults)
    return tuple(labels), tuple(problems)


def require_labels(path: Path) -> None:
    """Raise DataError if a file has lines, but none of them is a label."""
    labels, problems = _parse_file(path)
    if problems and not labels:
        remedy = "name a file that harness label or harness view wrote, or read this one with harness label --import"
        raise data_error(path, f"holds no labels; {remedy}")


def hash_labels(labels: Iterable[Annotation], articles: Collection[str]) -> str:
    """Hash the labels of these articles; a file may also have labels for others."""
    return digest(sorted(label.id for label in labels if label.article_id in articles))


def find_faults(results: Results) -> tuple[Problem, ...]:
    """Find the malformed lines in the label files that a run uses."""
    if results.manifest.config.get("labels") == "none":
        return ()
    return load_labels(results.items, Path(results.labels_file) if results.labels_file else None)[1]


def read(path: Path) -> list[Annotation]:
    """Read all lines in order, including replaced labels; a DataError lists every malformed line."""
    labels, problems = _parse_file(path)
    if problems:
        raise DataError.of(problems)
    return labels


def select_current(lines: Sequence[Annotation]) -> list[Annotation]:
    """Select each annotator's last label for each pair, without labels that a later line withdrew or replaced.

    A line that withdraws a withdrawal or a replacement restores the earlier label.
    """
    replaced: set[str] = set()
    latest: dict[tuple[object, ...], Annotation] = {}
    for line in reversed(lines):
        if line.id in replaced:
            continue
        if line.replaces is not None:
            replaced.add(line.replaces)
        if line.label is not None:
            latest.setdefault((line.annotator, *line.pair_key), line)
    return list(reversed(latest.values()))


def append(lines: Mapping[Path, Sequence[Annotation]]) -> None:
    """Add lines to files and wait until they are on disk; raise DataError, and add none, if a file is not writable.

    Labels that the file already has (same annotator, same note) are skipped: another process may have imported them.
    """
    with ExitStack() as locks, ExitStack() as undo:
        for path in sorted({Path(os.path.abspath(path)) for path in lines}):  # noqa: PTH100  # follow no link
            locks.enter_context(lock_file(path))  # in one order, so that two writers cannot wait for each other
        for path, added in lines.items():
            existing = {_identify(line) for line in select_current(_parse_file(path)[0])}
            new = [line for line in added if line.label is None or line.replaces or _identify(line) not in existing]
            with open_to_append(path) as file:
                size = file.seek(0, os.SEEK_END)
                undo.callback(os.truncate, path, size)
                file.seek(max(0, size - 1))
                line_break = b"" if file.read() in (b"", b"\n") else b"\n"  # an unfinished last line stays as it is
                file.write(line_break + b"".join(_LINE.dump_json(line) + b"\n" for line in new))
                file.flush()
                os.fsync(file.fileno())
        undo.pop_all()


def _identify(line: Annotation) -> tuple[object, ...]:
    return line.annotator, *line.pair_key, line.label, line.note


def _parse_file(path: Path) -> tuple[list[Annotation], list[Problem]]:
    """Return the labels and the malformed lines of a file; both are empty if there is no file."""
    if not require_safe(path, path.parent).exists():
        return [], []
    labels, problems = list[Annotation](), list[Problem]()
    for number, line in enumerate(read_bytes(path).removeprefix(codecs.BOM_UTF8).split(b"\n"), start=1):
        try:
            labels += [_LINE.validate_json(line)] if line.strip() else []
        except ValidationError as error:
            message = f"is not a label ({explain_invalid(error)}); fix or delete the line"
            problems.append(Problem(show(path), number, "", message))
    return labels, problems


class ImportedLabel(BaseModel):
    """A line of a file to import."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: str
    label: Label | None = None
    """None if nobody has labelled the pair yet."""
    note: str | None = None


def read_imported(path: Path, ids: Collection[str]) -> list[ImportedLabel]:
    """Read the labelled lines of a file; a DataError lists those that are invalid, repeated or for unknown pairs."""
    by_id: dict[str, ImportedLabel] = {}

    def parse(record: dict[str, object], row: RowPlace) -> None:
        if isinstance(label := record.get("label"), str):  # spreadsheets add capitals, spaces and empty cells
            record |= {"label": label.strip().lower() or None}
        line = validate(ImportedLabel, record, (), row)
        if line.id not in ids:
            remedy = "import the file with the run and the --use that it was exported with"
            raise key_error(row, ("id",), f"{line.id!r} is not the id of a pair to label; {remedy}")
        if line.id in by_id:
            raise key_error(row, ("id",), f"{line.id!r} is also on an earlier line; keep one of the two")
        by_id[line.id] = line

    if not parse_rows(json_lines(path), parse):
        raise data_error(path, "is empty; write one JSON object per line")
    return [line for line in by_id.values() if line.label is not None]


# People's verdicts ----------------------------------------------------------------------------------------------------


PairKey = tuple[Use, str, str]
"""Use, hypothesis and hash of the premise: ``Annotation.pair_key``."""

_hash_premise = lru_cache(maxsize=4096)(digest)


def pair_key(use: Use, hypothesis: str, premise: str) -> PairKey:
    return use, hypothesis, _hash_premise(premise)


def pair_id(key: PairKey) -> str:
    """Return the pair's id in pages and files."""
    return digest(*key)


class People:
    """People's current labels by pair. An ``uncertain`` label decides nothing."""

    def __init__(self, labels: Iterable[Annotation]) -> None:
        self.labels: dict[PairKey, list[Annotation]] = {}
        for label in labels:
            self.labels.setdefault(label.pair_key, []).append(label)

    def __bool__(self) -> bool:
        """True if any pair has a label that decides it."""
        return any(map(select_deciding, self.labels.values()))

    def labels_of(self, use: Use, hypothesis: str, premise: str) -> Sequence[Annotation]:
        return self.labels.get(pair_key(use, hypothesis, premise), ()) if self.labels else ()

    def label(self, use: Use, hypothesis: str, premise: str) -> Label | None:
        """Return the majority label: uncertain in a tie, None if nobody decided."""
        annotations = select_deciding(self.labels_of(use, hypothesis, premise))
        return _find_majority(annotations) if annotations else None

    def check(self, check: Check, premise: str) -> Check:
        """Return the check, with people's verdict instead of the verifier's if people decided."""
        annotations = select_deciding(self.labels_of(check.use, check.hypothesis, premise))
        if not annotations:
            return check
        automatic, label = check.verdict, _find_majority(annotations)
        votes = Counter(annotation.label for annotation in annotations)
        names = " and ".join(dict.fromkeys(annotation.annotator for annotation in annotations))
        same = label == automatic.label
        shares = {name: votes[name] / votes.total() for name in ("supported", "contradicted", "absent")}
        verdict = Verdict(
            label=label,
            probabilities=Probabilities(**shares),
            evidence=automatic.evidence if same or label in ("supported", "contradicted") else None,
            verifier=f"{PEOPLE}|{names}",
            reason="people disagree" if label == "uncertain" else automatic.reason if same else None,
            differences=automatic.differences if label in ("contradicted", "absent") else (),
        )
        return replace(check, verdict=verdict)


def select_deciding(annotations: Sequence[Annotation]) -> list[Annotation]:
    """Select the annotations whose label is not ``uncertain``."""
    return [annotation for annotation in annotations if annotation.label not in (None, "uncertain")]


def _find_majority(annotations: Sequence[Annotation]) -> Label:
    (first, most), *others = Counter(annotation.label for annotation in annotations).most_common()
    return "uncertain" if first is None or (others and others[0][1] == most) else first
