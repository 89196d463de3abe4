"""Read summaries made elsewhere: your own table, or the output of lm-evaluation-harness, promptfoo or Inspect."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path
from textwrap import shorten
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, Field, TypeAdapter, WrapValidator

from harness.data.lines import RowPlace, json_lines, merge_repeats, read_csv
from harness.data.validation import collect_problems, data_error, key_error
from harness.data.yaml import Key
from harness.errors import DataError, MissingDependencyError, Problem, first_line
from harness.files import Spool, read_text, show
from harness.servers.answers import one_line, validate_or_none
from harness.text import replace_surrogates

SUFFIXES = (".jsonl", ".csv", ".json", ".eval")
"""File extensions that can be read."""
UNNAMED_SYSTEM = ""
"""The system's name in a file that has only one system and does not name it."""
_LM_EVAL_KEYS = {"doc_id", "doc", "resps", "filtered_resps"}
_PROMPTFOO_VERSION = 3
_LONGEST_LABEL = 40
"""Maximum number of characters in a prompt's name; promptfoo labels an unnamed prompt with its whole text."""

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

_Count = Annotated[int | None, Field(ge=0), WrapValidator(validate_or_none)]
_Amount = Annotated[float | None, Field(ge=0, allow_inf_nan=False), WrapValidator(validate_or_none)]
_LIMITS = ("length", "max_tokens", "model_length")  # names of the token limit in promptfoo and Inspect
_Finish = Annotated[Literal["stop", "length"], BeforeValidator(lambda why: "length" if why in _LIMITS else "stop")]


class Usage(NamedTuple):
    """Tokens, seconds and price of a summary (None if the file has no valid value), and how the summary ended."""

    prompt_tokens: _Count = None
    new_tokens: _Count = None
    seconds: _Amount = None
    price: _Amount = None
    finish: _Finish = "stop"


_USAGE = TypeAdapter(Usage)


@dataclass(frozen=True, slots=True)
class Output:
    """A saved summary."""

    text: str
    """May be empty."""
    reason: str
    """The file's reason for an empty text."""
    usage: Usage


class _Values(NamedTuple):
    """The values of an output as the file has them, not yet checked."""

    article: object
    system: object
    summary: object
    usage: Mapping[str, object] = {}
    """Field of ``Usage`` → value; other keys are ignored."""
    reason: str = ""


_Entry = tuple[RowPlace, Key, Callable[[], list[_Values]]]
"""The place of an entry of a file, its key if the file has no lines, and a function that reads its outputs.

The function raises DataError or ValueError if the entry is invalid.
"""


class Outputs:
    """The outputs of a file, in order. They are in a temporary file; only their positions are in memory."""

    def __init__(self) -> None:
        self._spool = Spool[Output]()
        self._places: dict[tuple[str, str], list[int]] = {}

    def add(self, system: str, article: str, output: Output) -> None:
        self._places.setdefault((system, article), []).append(len(self._spool))
        self._spool.append(output)

    @property
    def systems(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(system for system, _ in self._places))

    @property
    def pairs(self) -> Collection[tuple[str, str]]:
        """Each (system, article) that has outputs."""
        return self._places.keys()

    def count(self, system: str, article: str) -> int:
        return len(self._places.get((system, article), ()))

    def of(self, system: str, article: str) -> list[Output]:
        return [self._spool[number] for number in self._places.get((system, article), ())]


def read_outputs(path: Path, kind: Format, columns: Columns) -> Outputs:
    """Read all outputs of a file; raise DataError with every entry that cannot be used."""
    outputs = Outputs()
    problems: list[Problem] = []
    for place, key, read in _READERS[kind](path, columns):
        with collect_problems(problems):
            try:
                for values in read():
                    outputs.add(*_check(values, columns))
            except ValueError as error:
                raise key_error(place, key, str(error)) from None
    if problems:
        raise DataError.of(merge_repeats(problems))
    if not outputs.pairs:
        raise data_error(path, "has no outputs; it needs a row for each summary")
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


def _check(values: _Values, columns: Columns) -> tuple[str, str, Output]:
    """Return the system, article id and output; raise ValueError if a value is invalid."""
    if values.summary is not None and not isinstance(values.summary, str):
        raise ValueError(f"{columns.summary!r} is {_quote(values.summary)}, not text; write it as a string")
    system = UNNAMED_SYSTEM if columns.system is None else _check_name(values.system, columns.system)
    article = _check_name(values.article, columns.article)
    usage = _USAGE.validate_python({name: value for name, value in values.usage.items() if name in Usage._fields})
    text, reason = replace_surrogates(values.summary or ""), replace_surrogates(values.reason)
    return system, article, Output(text, reason, usage)


def _check_name(value: object, column: str) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str) and value.strip():
        return replace_surrogates(value)
    raise ValueError(f"{column!r} is {_quote(value)}, not a name; write text that is not blank")


def _quote(value: object) -> str:
    return json.dumps(value, default=str)[:40]


def _get_value(value: object, path: str, option: str = "") -> object:
    """Return the value at a dotted name in nested objects.

    If it is missing, ValueError lists the keys found, and says to set ``option`` to another key.
    """
    at = ""
    for name in path.split("."):
        if not isinstance(value, Mapping):
            raise ValueError(f"{at or 'the row'} has no {name!r} (it is not an object)")
        if name not in value:
            remedy = f"; set {option} to another key" if option else ""
            raise ValueError(f"{at or 'the row'} has no {name!r} (it has {', '.join(map(repr, value))}){remedy}")
        value, at = value[name], f"{at}.{name}".lstrip(".")
    return value


# A table of your own -------------------------------------------------------------------------------------------------


def _read_table(path: Path, columns: Columns) -> Iterator[_Entry]:
    """Read JSONL or CSV."""
    named = zip(astuple(columns), ("article_column", "system_column", "summary_column"), strict=True)
    options = {column: option for column, option in named if column is not None}

    def parse(decode: Callable[[], dict[str, Any]]) -> list[_Values]:
        row = decode()
        if missing := [column for column in options if column not in row]:
            lacks = f"has no {' and no '.join(map(repr, missing))}, only {', '.join(map(repr, row))}"
            names = ", ".join(f"{options[column]}: NAME" for column in missing)
            null = " (system_column: null if all rows are of one system)" if columns.system in missing else ""
            raise ValueError(f"{lacks}; correct the row, or name the right column: {names}{null}")
        system = UNNAMED_SYSTEM if columns.system is None else row[columns.system]
        return [_Values(row[columns.article], system, row[columns.summary], row)]

    rows = read_csv(path)[2] if path.suffix.lower() == ".csv" else json_lines(path)
    return ((place, (), partial(parse, decode)) for place, decode in rows)


# lm-evaluation-harness -----------------------------------------------------------------------------------------------


def _read_lm_eval(path: Path, columns: Columns) -> Iterator[_Entry]:
    """Read ``samples_TASK_DATE.jsonl``, as written by ``lm-eval run --log_samples`` in version 0.4.

    A document has a line for each filter, all with the same texts, so only the first filter's lines are read. ``resps``
    has a list of repeats for each request.
    """
    first_filter: object = None

    def parse(decode: Callable[[], dict[str, Any]]) -> list[_Values]:
        nonlocal first_filter
        sample = decode()
        first_filter = sample.get("filter") if first_filter is None else first_filter
        if sample.get("filter") != first_filter:
            return []
        article = _get_value(sample, columns.article, "article_column")
        system = UNNAMED_SYSTEM if columns.system is None else _get_value(sample, columns.system, "system_column")
        repeats = _list_repeats(_get_value(sample, columns.summary, "summary_column"), columns.summary)
        return [_Values(article, system, text) for text in repeats]

    return ((place, (), partial(parse, decode)) for place, decode in json_lines(path))


def _list_repeats(resps: object, column: str) -> list[object]:
    """Return the texts that a model generated for a document; raise ValueError if the task does not generate text."""
    first = resps[0] if isinstance(resps, list) and len(resps) == 1 else None
    repeats = first if isinstance(first, list) else [first]
    if not repeats or not all(isinstance(text, str) for text in repeats):
        raise ValueError(f"{column!r} is {_quote(resps)}, not the texts of one request; the task must generate text")
    return repeats


# promptfoo -----------------------------------------------------------------------------------------------------------


class _PromptfooSystem(NamedTuple):
    """A provider with a prompt."""

    number: str
    provider: str
    prompt: str


def _read_promptfoo(path: Path, columns: Columns) -> Iterator[_Entry]:
    """Read the JSON of ``promptfoo eval --output results.json``, in format version 3 (promptfoo 0.117 to 0.123)."""
    command = "write it with: promptfoo eval --output results.json"
    try:
        summary = _get_value(json.loads(read_text(path)), "results")
        version, results = _get_value(summary, "version"), _get_value(summary, "results")
    except json.JSONDecodeError as error:
        raise data_error(path, f"is not valid JSON; {command}", error.lineno) from None
    except (ValueError, RecursionError):
        fault = "is neither promptfoo's results nor an Inspect log"
        raise data_error(path, f"{fault}; {command}, or save rows of your own as .jsonl") from None
    if version != _PROMPTFOO_VERSION or not isinstance(results, list):
        supported = f"{_PROMPTFOO_VERSION} (promptfoo 0.117 to 0.123) is supported"
        message = f"is {json.dumps(version)[:20]}, but only {supported}; {command}"
        raise DataError.at(show(path), message, key="results.version")
    names = _name_systems(results) if columns.system is not None else {}
    place = RowPlace(show(path))
    for number, result in enumerate(results):
        yield place, ("results", "results", number), partial(_parse_result, result, columns, names)


def _name_systems(results: list[object]) -> dict[_PromptfooSystem, str]:
    """Name each system by its provider, and by its prompt if there are several prompts; number equal names."""
    systems: dict[_PromptfooSystem, None] = {}
    for result in results:
        with suppress(ValueError):  # ``_parse_result`` raises it again
            systems[_find_system(result)] = None
    several = len({system.prompt for system in systems}) > 1
    names: dict[_PromptfooSystem, str] = {}
    taken: dict[str, int] = {}
    for system in systems:
        prompt = shorten(system.prompt, _LONGEST_LABEL, placeholder="…")
        name = f"{system.provider}/{prompt}" if several else system.provider
        taken[name] = taken.get(name, 0) + 1
        names[system] = name if taken[name] == 1 else f"{name}#{taken[name]}"
    return names


def _find_system(result: object) -> _PromptfooSystem:
    provider = _get_value(result, "provider")
    name = str(provider.get("label") or _get_value(provider, "id")) if isinstance(provider, Mapping) else str(provider)
    return _PromptfooSystem(str(_get_value(result, "promptIdx")), name, str(_get_value(result, "prompt.label")))


def _parse_result(result: object, columns: Columns, names: Mapping[_PromptfooSystem, str]) -> list[_Values]:
    article = _get_value(result, f"vars.{columns.article}", "article_column")
    whole = _get_mapping(result)
    response = _get_mapping(whole.get("response"))
    errors = [str(part["error"]) for part in (response, whole) if part.get("error")]
    output = response.get("output") if errors else _get_value(result, "response.output")
    tokens = _get_mapping(response.get("tokenUsage"))
    latency = whole.get("latencyMs")
    usage: dict[str, object] = {
        "prompt_tokens": tokens.get("prompt") or None,  # 0 means unknown
        "new_tokens": tokens.get("completion") or None,
        "seconds": latency / 1000 if isinstance(latency, int | float) and not response.get("cached") else None,
        "price": whole.get("cost") or None,
        "finish": response.get("finishReason"),
    }
    system = UNNAMED_SYSTEM if columns.system is None else names[_find_system(result)]
    reason = "" if output or not errors else one_line(errors[0])
    return [_Values(article, system, output, usage, reason)]


def _get_mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


# Inspect -------------------------------------------------------------------------------------------------------------


def _read_inspect(path: Path, columns: Columns) -> Iterator[_Entry]:
    """Read an Inspect log through Inspect's own reader; epochs become samples."""
    if not path.exists():
        raise data_error(path, "does not exist")
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
        raise data_error(path, f"cannot be read as an Inspect log ({first_line(error)}); {advice}") from None

    def parse(sample: Any) -> list[_Values]:
        readable = {"id": sample.id, "metadata": sample.metadata or {}}
        article = _get_value(readable, columns.article, "article_column")
        used = sample.output.usage
        usage: dict[str, object] = {
            "prompt_tokens": used and used.input_tokens,
            "new_tokens": used and used.output_tokens,
            "seconds": sample.output.time or sample.total_time,
            "price": used and getattr(used, "total_cost", None),
            "finish": sample.output.choices and sample.output.stop_reason,
        }
        reason = one_line(sample.error.message) if sample.error else ""
        text = sample.output.completion if sample.output.choices else None
        return [_Values(article, log.eval.model, text, usage, reason)]

    place = RowPlace(show(path))
    return ((place, ("samples", number), partial(parse, sample)) for number, sample in enumerate(log.samples or ()))


_READERS: dict[Format, Callable[[Path, Columns], Iterator[_Entry]]] = {
    "table": _read_table,
    "lm_eval": _read_lm_eval,
    "promptfoo": _read_promptfoo,
    "inspect": _read_inspect,
}
