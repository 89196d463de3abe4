"""A plugin as its options alone, without the weights it has loaded."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel


def fresh(value: Any) -> Any:
    """A copy of a plugin, or of whatever holds plugins, that has loaded nothing and so can be sent elsewhere."""
    if isinstance(value, BaseModel):
        options = {name: fresh(getattr(value, name)) for name in type(value).model_fields}
        return type(value).model_construct(set(value.model_fields_set), **options)
    if isinstance(value, Path):
        return value.absolute()  # a worker runs in another folder
    if isinstance(value, list | tuple):
        return type(value)(map(fresh, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: fresh(getattr(value, field.name)) for field in fields(value)})
    return value
