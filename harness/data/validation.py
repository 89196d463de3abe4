"""Validate files that people edit against a pydantic model, and say where each problem is.

A value that pydantic would convert, such as true to 1 or '1e3' to 1000, is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Protocol, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from harness.data.yaml import Key, describe, iter_children, resolve_scalar
from harness.errors import DataError, Problem
from harness.files import show
from harness.seams import Plugin

_LISTED = 20
"""A message lists the allowed names if there are at most this many."""

_WANTED = {
    "string_type": "text",
    "path_type": "the path of a file or a folder",
    **dict.fromkeys(["list_type", "tuple_type"], 'a list such as ["one", "another"]'),
    **dict.fromkeys(["model_type", "dict_type"], 'a mapping such as {"key": "value"}'),
    **dict.fromkeys(["bool_type", "bool_parsing"], "true or false"),
    **dict.fromkeys(["int_type", "int_parsing", "int_from_float"], "a whole number"),
    **dict.fromkeys(["float_type", "float_parsing"], "a number"),
}
"""pydantic's error type → what the value must be."""
_SCALARS = {kind for kind in _WANTED if kind.startswith(("bool", "int", "float"))}
_REMOVE_QUOTES = "; remove the quotes"
_SIMILAR = 0.7
"""Minimum similarity (difflib, 0 to 1) between a misspelt name and the name to suggest."""

STRICT = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)
"""The pydantic config of models that describe file entries: unknown keys are errors, and no value is converted."""

M = TypeVar("M", bound=BaseModel)


class Locator(Protocol):
    """The source of data, such as a YAML document or a row of a JSONL file."""

    def problem(self, key: Key, message: str) -> Problem: ...


def data_error(path: Path, message: str, line: int | None = None) -> DataError:
    return DataError.at(show(path), message, line)


def key_error(source: Locator, key: Key, message: str) -> DataError:
    return DataError.of([source.problem(key, message)])


@contextmanager
def collect_problems(problems: list[Problem]) -> Iterator[None]:
    """Catch a DataError and add its problems to ``problems``, so that the caller can check the next file or row."""
    try:
        yield
    except DataError as error:
        problems += error.problems


def validate(model: type[M], data: object, key: Key, source: Locator, context: Mapping[Any, Any] | None = None) -> M:
    """Validate data as a model; a DataError has one problem per wrong value, placed below ``key`` of the source."""
    try:
        checked = model.model_validate(data, context=context)
    except ValidationError as error:
        messages = explain_errors(model, error, data)
    else:
        messages = dict(_find_converted(data, checked, ()))
    if messages:
        problems = [source.problem((*key, *place), message) for place, message in messages.items()]
        raise DataError.of(sorted(problems, key=lambda problem: problem.line or 0)) from None
    return checked


def explain_errors(model: type[BaseModel], error: ValidationError, data: object) -> dict[Key, str]:
    """Return a message for each wrong value: place in the data → message.

    A misspelt key is reported once, not also as missing.
    """
    errors: dict[Key, list[ErrorDetails]] = {}
    misspelt: list[Key] = []
    for detail in error.errors(include_url=False):
        if detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]:
            continue  # pydantic did not count the list's wrong entries
        errors.setdefault(place := _locate(detail, data), []).append(detail)
        if detail["type"] == "extra_forbidden":
            near = get_close_matches(str(place[-1]), _list_keys(model, detail["loc"]), n=1, cutoff=_SIMILAR)
            misspelt += [(*place[:-1], name) for name in near]
    return {
        place: _write_message(model, details)
        for place, details in errors.items()
        if not (place in misspelt and details[0]["type"] == "missing")
    }


def suggest_name(word: str, allowed: Sequence[str]) -> str:
    """Return a hint such as ``did you mean 'kind'? (allowed: id, kind, statement)``.

    If many names are allowed, the hint gives their number and a few of them.
    """
    near = get_close_matches(word, allowed, n=1, cutoff=_SIMILAR)
    near = near or [name for name in allowed if len(word) > 2 and word in name][:3]
    choices = f"allowed: {', '.join(allowed) or 'none'}"
    if (count := len(allowed)) > _LISTED:
        choices = f"the nearest of {count}" if near else f"name one of the {count}, such as {', '.join(allowed[:3])}"
    rest = f" ({choices})" if len(allowed) > len(near) else ""
    return f"did you mean {' or '.join(map(repr, near))}?{rest}" if near else choices


def _locate(detail: ErrorDetails, data: object) -> Key:
    """Return the place of an error in the data: pydantic's location without the branches of unions."""
    place: Key = ()
    for part in detail["loc"]:
        if part in (below := dict(iter_children(data))):
            place, data = (*place, part), below[part]
    bare_kind_needs_option = isinstance(data, str) and detail["msg"] == "is missing"  # e.g. verifier: judge
    names_missing_key = detail["type"] in ("missing", "problem") and (isinstance(data, dict) or bare_kind_needs_option)
    return (*place, *detail["loc"][-1:]) if names_missing_key and place[-1:] != detail["loc"][-1:] else place


def _write_message(model: type[BaseModel], details: Sequence[ErrorDetails]) -> str:
    """Write the message about one value. For a union, pydantic has an error for each branch."""
    first, value = details[0], details[0]["input"]
    kinds = {detail["type"] for detail in details}
    if own := [detail["msg"] for detail in details if detail["type"] == "problem"]:
        return "; ".join(own)
    if "extra_forbidden" in kinds:
        return f"unknown key; {suggest_name(str(first['loc'][-1]), _list_keys(model, first['loc']))}"
    if "missing" in kinds:
        keys = ", ".join(map(str, value)) if isinstance(value, Mapping) else ""
        return f"is missing; keys found: {keys}" if keys else "is missing"
    if faults := [str(detail["ctx"]["error"]) for detail in details if detail["type"] == "value_error"]:
        return faults[0] if isinstance(value, dict) else f"is {describe(value)}; {faults[0]}"
    if "too_short" in kinds:
        least = first["ctx"]["min_length"]
        return f"has too few entries; write at least {least}" if len(value) else "is empty; write at least one entry"
    if "string_pattern_mismatch" in kinds:
        names = "use only letters, digits, dots, dashes and underscores"
        rule = names if "A-Za-z0-9._-" in first["ctx"]["pattern"] else f"write text that fits {first['ctx']['pattern']}"
        return f"is {describe(value)}; {rule}"
    wanted = [phrase for detail in details if (phrase := _describe_wanted(detail))]
    if not wanted:
        return f"is {describe(value)}; {first['msg'][0].lower()}{first['msg'][1:]}"
    allowed = " or ".join(dict.fromkeys(wanted))
    message = f"is empty; write {allowed}" if value is None else f"must be {allowed}, not {describe(value)}"
    expected = " ".join(detail["ctx"]["expected"] for detail in details if "expected" in detail.get("ctx", {}))
    choices = re.findall(r"'([^']+)'", expected)
    if near := get_close_matches(str(value), choices, n=1):
        return f"{message}; did you mean {near[0]!r}?"
    if "string_type" in kinds and isinstance(value, int | float):
        return f"{message}; put it in quotes"
    return f"{message}{_REMOVE_QUOTES}" if _is_quoted_scalar(value) and kinds & _SCALARS else message


def _describe_wanted(detail: ErrorDetails) -> str:
    """Describe what a field accepts (``a whole number``, ``at least 1``), or return '' if pydantic does not say."""
    phrase = _WANTED.get(detail["type"]) or detail["msg"].partition("Input should be ")[2]
    return phrase.replace("greater than or equal to", "at least").replace("less than or equal to", "at most")


def _is_quoted_scalar(value: object) -> bool:
    """True if a value is text that would be a number or true or false without its quotes."""
    return isinstance(value, str) and not isinstance(resolve_scalar(value), str)


def _list_keys(model: type[BaseModel], place: Sequence[str | int]) -> list[str]:
    """List the keys that are allowed in the mapping that holds the last key of ``place``."""
    for part in place[:-1]:
        if field := model.model_fields.get(str(part)):
            model = _find_model(field.annotation) or model
    return [*(["kind"] if issubclass(model, Plugin) else []), *model.model_fields]


def _find_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_find_model, get_args(annotation))), None)


def _find_converted(given: object, checked: object, key: Key) -> Iterator[tuple[Key, str]]:
    """Yield the scalars that pydantic converted to another type, except text from environment variables."""
    if isinstance(given, Mapping):
        for name, value in given.items():
            below = checked.get(name) if isinstance(checked, Mapping) else getattr(checked, str(name), value)
            yield from _find_converted(value, below, (*key, name))
    elif isinstance(given, list) and isinstance(checked, list | tuple) and len(given) == len(checked):
        for at, (value, below) in enumerate(zip(given, checked, strict=True)):
            yield from _find_converted(value, below, (*key, at))
    elif isinstance(checked, int | float):
        is_converted = isinstance(given, str) or isinstance(given, bool) != isinstance(checked, bool)
        if is_converted and not getattr(given, "filled", False):
            wanted = _WANTED[f"{type(checked).__name__}_type"]
            yield key, f"must be {wanted}, not {describe(given)}{_REMOVE_QUOTES * _is_quoted_scalar(given)}"
