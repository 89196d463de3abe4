"""Validate data that a person wrote against a pydantic model; every problem becomes an instruction with its place.

Values that pydantic would convert are refused, such as true for 1 or '1e3' for 1000.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from harness.data.yaml import Key, describe, iter_children, resolve_scalar
from harness.errors import DataError, Problem
from harness.files import show

_LISTED = 20
"""A message lists all allowed names if there are at most this many."""

_WANTED = {
    "string_type": "text",
    "path_type": "the path of a file or a folder",
    "list_type": 'a list, e.g. ["one", "another"]',
    **dict.fromkeys(["model_type", "dict_type"], 'keys and values, e.g. {"key": "value"}'),
    **dict.fromkeys(["bool_type", "bool_parsing"], "true or false"),
    **dict.fromkeys(["int_type", "int_parsing"], "a whole number"),
    **dict.fromkeys(["float_type", "float_parsing"], "a number"),
}
"""pydantic's type of an error → what to write instead."""

M = TypeVar("M", bound=BaseModel)

Severity = Literal["error", "warning", "note"]
"""error: the data cannot be saved, or gives wrong verdicts; warning: the data is weak; note: information."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One weakness with its place, and a remedy (empty if the message already says what to do)."""

    severity: Severity
    about: str
    """Id of the article or fact; empty if the issue is about several."""
    message: str
    remedy: str
    file: str = ""
    line: int | None = None

    @property
    def place(self) -> str:
        """``references/tram-vote/facts.yaml:12: vote-date``, without the parts that are unknown."""
        file = self.file if self.line is None else f"{self.file}:{self.line}"
        return ": ".join(filter(None, (file, self.about)))


class Locator(Protocol):
    """Where data came from: a YAML document, a row of a JSONL file."""

    def problem(self, key: Key, message: str) -> Problem: ...


def data_error(path: Path, message: str, line: int | None = None) -> DataError:
    """Make a DataError with one problem of a file, or of one of its lines."""
    return DataError.at(show(path), message, line)


def key_error(source: Locator, key: Key, message: str) -> DataError:
    """Make a DataError with one problem at a key."""
    return DataError.of([source.problem(key, message)])


@contextmanager
def collect_problems(problems: list[Problem]) -> Iterator[None]:
    """Add the problems of a DataError raised inside to ``problems``, so that the next file or row is checked too."""
    try:
        yield
    except DataError as error:
        problems += error.problems


def validate(model: type[M], data: object, key: Key, source: Locator, context: Mapping[Any, Any] | None = None) -> M:
    """Validate data as a model; DataError has one problem for each fault, placed below ``key`` of the source."""
    try:
        checked = model.model_validate(data, context=context)
    except ValidationError as error:
        messages: dict[Key, str] = {}
        for detail in error.errors(include_url=False):
            place, message = _locate(detail, data), _write_message(model, detail)
            found = f"is {describe(detail['input'])}; "
            if place not in messages:
                messages[place] = message
            elif detail["type"] == "problem":
                messages[place] += f"; {message}"
            elif messages[place].startswith(found):  # each branch of a union has its own message
                messages[place] += f", or {message.removeprefix(found)}"
    else:
        messages = dict(_find_converted(data, checked, ()))
    if messages:
        problems = [source.problem((*key, *place), message) for place, message in messages.items()]
        raise DataError.of(sorted(problems, key=lambda problem: problem.line or 0)) from None
    return checked


def explain_errors(model: type[BaseModel], error: ValidationError) -> list[tuple[Key, str]]:
    """Return (pydantic's location, message) for each error in the data of a model."""
    return [(detail["loc"], _write_message(model, detail)) for detail in error.errors(include_url=False)]


def suggest_name(word: str, allowed: Sequence[str]) -> str:
    """Make a hint such as ``did you mean 'kind'? (allowed: id, kind, statement)``. A long list is replaced by its
    length."""
    near = get_close_matches(word, allowed, n=1) or [name for name in allowed if word and word in name][:3]
    choices = f"allowed: {', '.join(allowed)}" if len(allowed) <= _LISTED else f"there are {len(allowed)}"
    return f"did you mean {' or '.join(map(repr, near))}? ({choices})" if near else choices


def _locate(detail: Mapping[str, Any], data: object) -> Key:
    """Return the place of a fault in the data: pydantic's location without the branches of unions."""
    place: Key = ()
    for part in detail["loc"]:
        if part in (below := dict(iter_children(data))):
            place, data = (*place, part), below[part]
    return (*place, detail["loc"][-1]) if detail["type"] == "missing" else place


def _write_message(model: type[BaseModel], detail: Mapping[str, Any]) -> str:
    value, kind = describe(detail["input"]), detail["type"]
    if kind in _WANTED:
        is_value = isinstance(detail["input"], str) and not isinstance(resolve_scalar(detail["input"]), str)
        quotes = ", without quotes" if is_value and kind.startswith(("int", "float")) else ""
        quotes = ", without quotes" if isinstance(detail["input"], str) and kind.startswith("bool") else quotes
        quotes = ", in quotes" if kind == "string_type" and isinstance(detail["input"], int | float) else quotes
        return f"is {value}; write {_WANTED[kind]}{quotes}"
    match kind:
        case "problem":  # a message of ours, raised in a validator
            return str(detail["msg"])
        case "extra_forbidden":
            return f"is not a key here; {suggest_name(str(detail['loc'][-1]), _list_keys(model, detail['loc']))}"
        case "missing":
            return "is missing"
        case "literal_error":
            allowed = [choice.strip("'") for choice in detail["ctx"]["expected"].replace(" or ", ", ").split(", ")]
            return f"is {value}; {suggest_name(str(detail['input']), allowed)}"
        case "value_error":
            found = "" if isinstance(detail["input"], dict) else f"is {value}; "
            return f"{found}{detail['ctx']['error']}"
        case _:
            said = re.sub(r"^Input should be (?=greater|less)", "must be ", detail["msg"])
            said = said.replace("greater than or equal to", "at least").replace("less than or equal to", "at most")
            return f"is {value}; {said[0].lower()}{said[1:]}"


def _list_keys(model: type[BaseModel], place: Sequence[str | int]) -> list[str]:
    """List the keys that are allowed in the mapping that holds the last key of ``place``."""
    for part in place[:-1]:
        field = model.model_fields.get(str(part))
        types = (*get_args(field.annotation), field.annotation) if field else ()
        model = next((each for each in types if isinstance(each, type) and issubclass(each, BaseModel)), model)
    return list(model.model_fields)


def _find_converted(given: object, checked: object, key: Key) -> Iterator[tuple[Key, str]]:
    """Yield the scalars that pydantic converted to another type. Text from an environment variable may become a
    number."""
    if isinstance(given, Mapping):
        for name, value in given.items():
            below = checked.get(name) if isinstance(checked, Mapping) else getattr(checked, str(name), value)
            yield from _find_converted(value, below, (*key, name))
    elif isinstance(given, list) and isinstance(checked, list | tuple) and len(given) == len(checked):
        for at, (value, below) in enumerate(zip(given, checked, strict=True)):
            yield from _find_converted(value, below, (*key, at))
    elif isinstance(checked, int | float) and not getattr(given, "filled", False):
        wanted = "true or false" if isinstance(checked, bool) else _WANTED[f"{type(checked).__name__}_type"]
        if isinstance(given, str) or isinstance(given, bool) != isinstance(checked, bool):
            yield key, f"is {describe(given)}; write {wanted}{', without quotes' * isinstance(given, str)}"
