"""What pydantic would take for something else: true for 1, '1e3' for 1000, 1 for true, a number without end."""

from __future__ import annotations

import types
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from harness.data.yaml_file import Key, kind_of

LARGEST = 2**63
"""What no whole number of a config reaches."""


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
    wanted = "a number" if plain & {int, float} else "true or false" if bool in plain else ""
    if isinstance(value, bool):
        is_wrong = wanted != "" and bool not in plain
    elif isinstance(value, int):
        is_wrong = wanted == "true or false" or abs(value) >= LARGEST
        wanted = wanted or "a smaller number"
    else:
        is_wrong = isinstance(value, str) and wanted != "" and not takes_text and not getattr(value, "filled", False)
    if is_wrong:
        yield key, f"is {kind_of(value)}; write {wanted}{', without quotes' if isinstance(value, str) else ''}"
    yield from _parts(choices, value, key)


def _parts(choices: Sequence[Any], value: object, key: Key) -> Iterator[tuple[Key, str]]:
    if isinstance(value, list):
        for choice in choices:
            if isinstance(get_origin(choice), type) and issubclass(get_origin(choice), Collection):
                for at, each in enumerate(value):
                    yield from _wrong((get_args(choice) or (Any,))[0], each, (*key, at))
    if isinstance(value, Mapping):
        yield from _below(choices, value, key)


def _below(choices: Sequence[Any], value: Mapping[str, object], key: Key) -> Iterator[tuple[Key, str]]:
    for choice in choices:
        if isinstance(choice, type) and issubclass(choice, BaseModel):
            yield from (((*key, *place), message) for place, message in wrong_types(choice, value))
        elif isinstance(get_origin(choice), type) and issubclass(get_origin(choice), Mapping):
            for name, each in value.items():
                yield from _wrong(get_args(choice)[1], each, (*key, name))


def _choices(annotation: Any) -> list[Any]:
    """The alternatives of a type, what is said of it aside."""
    if get_origin(annotation) is Annotated:
        return _choices(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return [choice for each in get_args(annotation) for choice in _choices(each)]
    return [annotation]
