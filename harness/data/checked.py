"""Check data that a person wrote against a pydantic model, and say what is wrong with it as instructions.

The data may stand in YAML, in JSON or in a table: what is to be typed is said in the way that all of them take. What
pydantic would take for something else is refused: true for 1, '1e3' for 1000, a number without end.
"""

from __future__ import annotations

import types
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from harness.data.yaml.file import Key, children, kind_of
from harness.errors import DataError, Problem
from harness.files import show

_SHOWN = 3
"""Names that hold the word, shown where none is close to it."""
_LISTED = 20
"""Names up to which all that are allowed are listed."""

LARGEST = 2**63
"""Whole numbers of a config are smaller."""

M = TypeVar("M", bound=BaseModel)


class Locator(Protocol):
    """Where data came from: a YAML document, a row of a JSONL file."""

    def problem(self, key: Key, message: str) -> Problem:
        """A problem at the key's place."""
        ...


def refused(path: Path, message: str, line: int | None = None) -> DataError:
    """A DataError with one problem of a file, or of one line of it."""
    return DataError.at(show(path), message, line)


def refused_at(source: Locator, key: Key, message: str) -> DataError:
    """A DataError with one problem at a key of a source."""
    return DataError.of([source.problem(key, message)])


@contextmanager
def gathered(problems: list[Problem]) -> Iterator[None]:
    """Adds what a DataError inside says to ``problems``, so that the next file, row or entry is checked too."""
    try:
        yield
    except DataError as error:
        problems += error.problems


def validated(model: type[M], data: object, key: Key, source: Locator) -> M:
    """The data as a model; a DataError with one problem for each thing wrong, placed below ``key`` of the source."""
    if wrong := [source.problem((*key, *place), message) for place, message in wrong_types(model, data)]:
        raise DataError.of(wrong)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        messages: dict[Key, str] = {}
        for detail in error.errors(include_url=False):
            place, message = _place(detail, data), _message(model, detail)
            found = f"is {kind_of(detail['input'])}; "
            if place not in messages:
                messages[place] = message
            elif messages[place].startswith(found):  # each branch of a union refuses it in its own words
                messages[place] += f", or {message.removeprefix(found)}"
        problems = [source.problem((*key, *place), message) for place, message in messages.items()]
        raise DataError.of(sorted(problems, key=lambda problem: problem.line or 0)) from None


def _place(detail: Mapping[str, Any], data: object) -> Key:
    """Where in the data something is wrong: pydantic's place without the branches of unions, which it names too."""
    place: Key = ()
    for part in detail["loc"]:
        if part in (below := dict(children(data))):
            place, data = (*place, part), below[part]
    return (*place, detail["loc"][-1]) if detail["type"] == "missing" else place


def nearest(word: str, allowed: Sequence[str]) -> str:
    """What to type instead: ``did you mean 'kind'? (allowed: id, kind, statement)``; a long list is only counted."""
    near = get_close_matches(word, allowed, n=1) or [name for name in allowed if word and word in name][:_SHOWN]
    choices = f"allowed: {', '.join(allowed)}" if len(allowed) <= _LISTED else f"there are {len(allowed)}"
    return f"did you mean {' or '.join(map(repr, near))}? ({choices})" if near else choices


def _message(model: type[BaseModel], detail: Mapping[str, Any]) -> str:
    value = kind_of(detail["input"])
    match detail["type"]:
        case "extra_forbidden":
            return f"is not a key here; {nearest(str(detail['loc'][-1]), _keys(model, detail['loc']))}"
        case "missing":
            return "is missing; write it"
        case "literal_error":
            allowed = [choice.strip("'") for choice in detail["ctx"]["expected"].replace(" or ", ", ").split(", ")]
            return f"is {value}; {nearest(str(detail['input']), allowed)}"
        case "string_type":
            return f"is {value}; write text" + (", in quotes" if isinstance(detail["input"], int | float) else "")
        case "path_type":
            return f"is {value}; write the path of a file or a folder"
        case "list_type":
            return f'is {value}; write a list, as ["one", "another"]'
        case "model_type" | "dict_type":
            return f'is {value}; write keys and their values, as {{"key": "value"}}'
        case "value_error" if isinstance(detail["input"], dict):
            return str(detail["ctx"]["error"])
        case "value_error":
            return f"is {value}; {detail['ctx']['error']}"
        case _:
            return f"is {value}; {detail['msg'][0].lower()}{detail['msg'][1:]}"


def _keys(model: type[BaseModel], place: Sequence[str | int]) -> list[str]:
    """The keys that are allowed beside the last of ``place``."""
    for part in place[:-1]:
        field = model.model_fields.get(str(part))
        types = (*get_args(field.annotation), field.annotation) if field else ()
        model = next((each for each in types if isinstance(each, type) and issubclass(each, BaseModel)), model)
    return list(model.model_fields)


def wrong_types(model: type[BaseModel], data: object) -> Iterator[tuple[Key, str]]:
    """(key, what is wrong) for the values of a mapping that are not of their field's own type."""
    if isinstance(data, Mapping):
        for name, field in model.model_fields.items():
            if name in data:
                yield from _wrong(field.annotation, data[name], (name,))


def _wrong(annotation: Any, value: object, key: Key) -> Iterator[tuple[Key, str]]:
    choices = _choices(annotation)
    plain = {choice for choice in choices if isinstance(choice, type)}
    takes_text = str in plain or any(get_origin(choice) is Literal for choice in choices)
    expected = "a number" if plain & {int, float} else "true or false" if bool in plain else ""
    if isinstance(value, bool):
        is_wrong = expected != "" and bool not in plain
    elif isinstance(value, int):
        is_wrong = expected == "true or false" or abs(value) >= LARGEST
        expected = expected if expected == "true or false" else "a smaller number"
    else:
        is_wrong = isinstance(value, str) and expected != "" and not takes_text and not getattr(value, "filled", False)
    if is_wrong:
        yield key, f"is {kind_of(value)}; write {expected}{', without quotes' if isinstance(value, str) else ''}"
    for choice in choices:
        yield from _wrong_below(choice, value, key)


def _wrong_below(choice: Any, value: object, key: Key) -> Iterator[tuple[Key, str]]:
    """(key, what is wrong) for the items of a list and the values of a mapping, where the type says what they are."""
    origin, arguments = get_origin(choice), get_args(choice) or (Any,)
    if isinstance(value, Mapping) and isinstance(choice, type) and issubclass(choice, BaseModel):
        yield from (((*key, *place), message) for place, message in wrong_types(choice, value))
    elif isinstance(value, Mapping) and isinstance(origin, type) and issubclass(origin, Mapping):
        for name, each in value.items():
            yield from _wrong(arguments[-1], each, (*key, name))
    elif isinstance(value, list) and isinstance(origin, type) and issubclass(origin, Collection):
        for at, each in enumerate(value):
            yield from _wrong(arguments[0], each, (*key, at))


def _choices(annotation: Any) -> list[Any]:
    """The alternatives of a type, without its annotations."""
    if get_origin(annotation) is Annotated:
        return _choices(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return [choice for each in get_args(annotation) for choice in _choices(each)]
    return [annotation]
