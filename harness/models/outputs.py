"""Read summaries made elsewhere: your own table, or the output of lm-evaluation-harness, promptfoo or Inspect.

Each reader yields the outputs of a file in order, and a ``Problem`` for each row that it cannot use.
"""

from __future__ import annotations

import json
import math
import re
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from harness.data.lines import Row, json_lines, read_csv
from harness.errors import DataError, MissingDependencyError, Problem, first_line
from harness.files import read_text, show
from harness.servers.answers import one_line
from harness.spool import Spool

SUFFIXES = (".jsonl", ".csv", ".json", ".eval")
"""File extensions that can be read."""
ONLY = ""
"""The name of the only system of a file that does not name its system."""
_MOST_PROBLEMS = 20
"""Maximum number of problems in one message; a file with more problems probably has the same one in every line."""
_LM_EVAL_KEYS = {"doc_id", "doc", "resps", "filtered_resps"}
_PROMPTFOO_VERSION = 3
_LONGEST_LABEL = 40
"""Maximum characters of a label used as a name; promptfoo labels an unnamed prompt with its whole text."""
_PROMPT_FILE = re.compile(r"(?:(?P<id>[^:\n]{1,40}): )?(?P<file>[^\s:]{1,40}\.\w{1,4}): ")
"""Matches the label that promptfoo puts before the text of a prompt from a file."""

Format = Literal["table", "lm_eval", "promptfoo", "inspect"]


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns with the article, the system and the summary."""

    article: str
    system: str | None
    """None if the file has only one system, and does not name it."""
    summary: str


DEFAULT_COLUMNS: dict[Format, Columns] = {
    "table": Columns("article_id", "system", "summary"),
    "lm_eval": Columns("doc_id", None, "resps"),
    "promptfoo": Columns("article_id", "provider", "response.output"),
    "inspect": Columns("id", "eval.model", "output.completion"),
}


class Usage(NamedTuple):
    """Tokens, seconds and price of a summary, as far as the file has them."""

    prompt_tokens: int | None = None
    new_tokens: int | None = None
    seconds: float | None = None
    price: float | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """A saved summary."""

    text: str
    """May be empty."""
    line: int | None
    reason: str
    """The file's reason for an empty text."""
    usage: Usage


class _Row(NamedTuple):
    """The values of an output as the file has them, not yet checked."""

    article: object
    system: object
    summary: object
    line: int | None = None
    key: str = ""
    """The output's key in a JSON file, which has no lines."""
    reason: str = ""
    usage: Mapping[str, object] = {}
    """Values by the names of the fields of ``Usage``."""


class Outputs:
    """The outputs of a file, in order. Memory holds only their positions in a temporary file."""

    def __init__(self) -> None:
        self._spool = Spool[Output]()
        self._places: dict[tuple[str, str], array[int]] = {}
        self._systems: dict[str, None] = {}

    def add(self, system: str, article: str, output: Output) -> None:
        self._systems[system] = None
        self._places.setdefault((system, article), array("q")).append(len(self._spool))
        self._spool.append(output)

    @property
    def systems(self) -> tuple[str, ...]:
        return tuple(self._systems)

    @property
    def pairs(self) -> Collection[tuple[str, str]]:
        """Each (system, article) that has outputs."""
        return self._places.keys()

    def count(self, system: str, article: str) -> int:
        return len(self._places.get((system, article), ()))

    def of(self, system: str, article: str) -> list[Output]:
        return [self._spool[number] for number in self._places.get((system, article), ())]


def read_outputs(path: Path, kind: Format, columns: Columns) -> Outputs:
    """Read all outputs of a file; raise DataError with every row that cannot be used."""
    outputs = Outputs()
    problems: list[Problem] = []
    for row in _READERS[kind](path, columns):
        if isinstance(row, Problem):
            problems.append(row)
            continue
        try:
            outputs.add(*_check(row, columns))
        except ValueError as error:
            problems.append(Problem(show(path), row.line, row.key, str(error)))
    if not outputs.systems and not problems:
        problems = [Problem(show(path), None, "", "has no outputs; it needs a row for each summary")]
    if problems:
        rest = len(problems) - _MOST_PROBLEMS
        more = [Problem(show(path), None, "", f"and {rest:,} more problems like these")] if rest > 0 else []
        raise DataError.of([*problems[:_MOST_PROBLEMS], *more])
    return outputs


def detect_format(path: Path) -> Format:
    """Find out which tool wrote a file, by its extension and first keys."""
    match path.suffix.lower():
        case ".eval":
            return "inspect"
        case ".json":
            try:
                log = json.loads(read_text(path))
            except (ValueError, RecursionError, DataError):
                return "promptfoo"
            header = log.get("eval") if isinstance(log, dict) else None
            return "inspect" if isinstance(header, dict) and "results" not in header else "promptfoo"
        case ".jsonl":
            try:
                with path.open(encoding="utf-8-sig") as file:
                    first = json.loads(next((line for line in file if line.strip()), ""))
            except (OSError, ValueError, RecursionError):
                return "table"
            return "lm_eval" if isinstance(first, dict) and len(first.keys() & _LM_EVAL_KEYS) >= 3 else "table"
    return "table"


def _check(row: _Row, columns: Columns) -> tuple[str, str, Output]:
    """Return the system, article id and output of a row; raise ValueError if it is invalid."""
    if row.summary is not None and not isinstance(row.summary, str):
        found = json.dumps(row.summary, default=str)[:40]
        raise ValueError(f"{columns.summary!r} is {found}, not text; write it as a string")
    system = ONLY if columns.system is None else _check_name(row.system, columns.system)
    article = _check_name(row.article, columns.article)
    numbers = {name: _read_number(value) for name, value in row.usage.items()}
    counts = (numbers.get(name) for name in ("prompt_tokens", "new_tokens"))
    prompt, new = (int(count) if count is not None and count.is_integer() else None for count in counts)
    usage = Usage(prompt, new, numbers.get("seconds"), numbers.get("price"))
    return system, article, Output(_check_text(row.summary or ""), row.line, _check_text(row.reason), usage)


def _check_name(value: object, column: str) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str) and value.strip():
        return _check_text(value)
    raise ValueError(f"{column!r} is {json.dumps(value, default=str)[:40]}, not a name; write it as a string")


def _check_text(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        half = text[error.start]
        raise ValueError(f"contains half a surrogate pair ({half!a}); save the file as valid UTF-8") from None
    return text


def _read_number(value: object) -> float | None:
    """Read a count, duration or price; None if it is missing or invalid."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _value_at(value: object, path: str) -> object:
    """Return the value at a dotted name in nested objects; if it is missing, ValueError lists the keys found."""
    at = ""
    for name in path.split("."):
        if not isinstance(value, Mapping) or name not in value:
            found = f"it has {', '.join(map(repr, value))}" if isinstance(value, Mapping) else "it is not an object"
            raise ValueError(f"{at or 'the row'} has no {name!r} ({found})")
        value, at = value[name], f"{at}.{name}".lstrip(".")
    return value


# A table of your own -------------------------------------------------------------------------------------------------


def _read_table(path: Path, columns: Columns) -> Iterator[_Row | Problem]:
    """Read JSONL or CSV; DataError if the first row lacks a column, because probably all rows lack it."""
    named = zip(astuple(columns), ("article_column", "system_column", "summary_column"), strict=True)
    options: dict[str, str] = {column: option for column, option in named if column is not None}
    rows = read_csv(path)[2] if path.suffix.lower() == ".csv" else json_lines(path)
    for number, (line, values) in enumerate(_decode(rows)):
        if isinstance(values, Problem):
            yield values
            continue
        missing = [column for column in options if column not in values]
        lacks = f"has no {' and no '.join(map(repr, missing))}, only {', '.join(map(repr, values))}"
        if missing and number == 0:
            remedy = ", ".join(f"{options[column]}: NAME" for column in missing)
            null = " (system_column: null if all rows are of one system)" if columns.system in missing else ""
            raise DataError.at(show(path), f"{lacks}; name the right column: {remedy}{null}", line)
        if missing:
            message = f"{lacks}; add it, or set {options[missing[0]]} to another column"
            yield Problem(show(path), line, "", message)
            continue
        usage = {name: values[name] for name in Usage._fields if name in values}
        system = values[columns.system] if columns.system is not None else ONLY
        yield _Row(values[columns.article], system, values[columns.summary], line, usage=usage)


def _decode(rows: Iterable[Row]) -> Iterator[tuple[int, Mapping[str, Any] | Problem]]:
    """Yield the line number, and the values or the problem, of each row."""
    for place, decode in rows:
        try:
            yield place.line, decode()
        except DataError as error:
            yield place.line, error.problems[0]


# lm-evaluation-harness -----------------------------------------------------------------------------------------------


def _read_lm_eval(path: Path, columns: Columns) -> Iterator[_Row | Problem]:
    """Read ``samples_TASK_DATE.jsonl``, as written by ``lm-eval run --log_samples`` in version 0.4.

    Each line is a document under one filter; ``resps`` has a list of repeats for each request.
    """
    used: object = None
    for line, sample in _decode(json_lines(path)):
        if isinstance(sample, Problem):
            yield sample
            continue
        # a document has one line per filter, all with the same texts
        used = sample.get("filter") if used is None else used
        if sample.get("filter") != used:
            continue
        try:
            article = _value_at(sample, columns.article)
            system = ONLY if columns.system is None else _value_at(sample, columns.system)
            texts = _list_repeats(_value_at(sample, columns.summary), columns.summary)
        except ValueError as error:
            message = f"{error}; name the keys in article_column and summary_column"
            yield Problem(show(path), line, "", message)
            continue
        for text in texts:
            yield _Row(article, system, text, line)


def _list_repeats(resps: object, column: str) -> list[object]:
    """Return the texts that a model generated for a document; ValueError if the task does not generate text."""
    if not isinstance(resps, list) or len(resps) != 1:
        found = f"{len(resps)} requests" if isinstance(resps, list) else type(resps).__name__
        raise ValueError(f"{column!r} has {found}, expected one request of a task that generates text")
    repeats = resps[0] if isinstance(resps[0], list) else [resps[0]]
    if not repeats or not all(isinstance(text, str) for text in repeats):
        raise ValueError(f"{column!r} is {json.dumps(repeats)[:40]}, not text; the task must generate text")
    return repeats


# promptfoo -----------------------------------------------------------------------------------------------------------


class _PromptfooSystem(NamedTuple):
    """A provider with a prompt."""

    number: str
    provider: str
    prompt: str
    """The prompt's own id, the same for every provider."""
    label: str


def _read_promptfoo(path: Path, columns: Columns) -> Iterator[_Row | Problem]:
    """Read the JSON of ``promptfoo eval --output results.json``, in format version 3 (promptfoo 0.117 to 0.123)."""
    command = "write it with: promptfoo eval --output results.json"
    try:
        summary = _value_at(json.loads(read_text(path)), "results")
        version, results = _value_at(summary, "version"), _value_at(summary, "results")
    except (ValueError, RecursionError):
        message = f"is neither promptfoo's results nor an Inspect log; {command}"
        raise DataError.at(show(path), message) from None
    if version != _PROMPTFOO_VERSION or not isinstance(results, list):
        supported = f"{_PROMPTFOO_VERSION} (promptfoo 0.117 to 0.123) is supported"
        message = f"is {json.dumps(version)[:20]}, but only {supported}; {command}"
        raise DataError.at(show(path), message, key="results.version")
    names = _name_systems(results) if columns.system is not None else {}
    for number, result in enumerate(results):
        key = f"results.results.{number}"
        try:
            yield _read_result(result, key, columns, names)
        except ValueError as error:
            yield Problem(show(path), None, key, str(error))


def _name_systems(results: list[object]) -> dict[_PromptfooSystem, str]:
    """Name each system by its provider, by its prompt if there are several, and by a number if names are equal."""
    found: dict[_PromptfooSystem, None] = {}
    for result in results:
        with suppress(ValueError):  # the row of the result reports it
            found[_find_system(result)] = None
    prompts = list(dict.fromkeys(system.prompt for system in found))
    names: dict[_PromptfooSystem, str] = {}
    taken: dict[str, int] = {}
    for system in found:
        name = system.provider
        if len(prompts) > 1:
            name = f"{name}/{_prompt_name(system.label, prompts.index(system.prompt))}"
        taken[name] = taken.get(name, 0) + 1
        names[system] = name if taken[name] == 1 else f"{name}#{taken[name]}"
    return names


def _find_system(result: object) -> _PromptfooSystem:
    provider = _value_at(result, "provider")
    name = str(provider.get("label") or _value_at(provider, "id")) if isinstance(provider, Mapping) else str(provider)
    label = str(_value_at(result, "prompt.label"))
    prompt = str(result.get("promptId") or label) if isinstance(result, Mapping) else label
    return _PromptfooSystem(str(_value_at(result, "promptIdx")), name, prompt, label)


def _prompt_name(label: str, number: int) -> str:
    """Return a short prompt's label; for a prompt in a file, its id or the file's name; else its number."""
    if len(label) <= _LONGEST_LABEL and "\n" not in label:
        return label
    in_file = _PROMPT_FILE.match(label)
    return (in_file["id"] or in_file["file"]) if in_file else f"prompt {number}"


def _read_result(result: object, key: str, columns: Columns, names: Mapping[_PromptfooSystem, str]) -> _Row:
    """Read one result; raise ValueError if a key is missing."""
    variables = _value_at(result, "vars")
    try:
        article = _value_at(variables, columns.article)
    except ValueError as error:
        raise ValueError(f"vars: {error}; set article_column to the variable with the article's id") from None
    response = _mapping(_mapping(result).get("response"))
    errors = [str(part["error"]) for part in (response, _mapping(result)) if part.get("error")]
    if not errors:
        _value_at(result, "response.output")
    tokens = _mapping(response.get("tokenUsage"))
    latency, price = _read_number(_mapping(result).get("latencyMs")), _read_number(_mapping(result).get("cost"))
    usage: dict[str, object] = {
        "prompt_tokens": tokens.get("prompt") or None,  # 0 means unknown
        "new_tokens": tokens.get("completion") or None,
        "seconds": latency / 1000 if latency and not response.get("cached") else None,
        "price": price or None,
    }
    system = names[_find_system(result)] if columns.system is not None else ONLY
    output = response.get("output")
    reason = "" if output or not errors else one_line(errors[0])
    return _Row(article, system, output, key=key, reason=reason, usage=usage)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


# Inspect -------------------------------------------------------------------------------------------------------------


def _read_inspect(path: Path, columns: Columns) -> Iterator[_Row | Problem]:
    """Read an Inspect log through Inspect's own reader; epochs become samples."""
    try:
        from inspect_ai.log import read_eval_log
    except ImportError:
        raise MissingDependencyError(
            f"{show(path)} is a log of Inspect; to read it: pip install 'fact-harness[inspect]'"
        ) from None
    try:
        log = read_eval_log(str(path))
    except Exception as error:  # noqa: BLE001  # its errors have no common base
        advice = "if a newer Inspect wrote it, update inspect-ai"
        raise DataError.at(show(path), f"cannot be read as an Inspect log ({first_line(error)}); {advice}") from None
    for number, sample in enumerate(log.samples or ()):
        key = f"samples.{number}"
        try:
            article = _value_at({"id": sample.id, "metadata": sample.metadata or {}}, columns.article)
        except ValueError as error:
            yield Problem(show(path), None, key, f"{error}; set article_column to id or metadata.KEY")
            continue
        used = sample.output.usage
        usage: dict[str, object] = {
            "prompt_tokens": used and used.input_tokens,
            "new_tokens": used and used.output_tokens,
            "seconds": sample.output.time or sample.total_time,
            "price": used and getattr(used, "total_cost", None),
        }
        reason = one_line(sample.error.message) if sample.error else ""
        text = sample.output.completion if sample.output.choices else None
        yield _Row(article, log.eval.model, text, key=key, reason=reason, usage=usage)


_READERS: dict[Format, Callable[[Path, Columns], Iterator[_Row | Problem]]] = {
    "table": _read_table,
    "lm_eval": _read_lm_eval,
    "promptfoo": _read_promptfoo,
    "inspect": _read_inspect,
}
