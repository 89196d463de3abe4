"""Prices of tokens."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

_Prices = dict[Literal["prompt", "new"], Annotated[float, Field(ge=0, allow_inf_nan=False)]]


def _require_both(price: _Prices) -> _Prices:
    if len(price) < 2:
        raise ValueError("set both prices per million tokens, e.g. {prompt: 0.15, new: 0.60}")
    return price


Price = Annotated[_Prices, AfterValidator(_require_both)]
"""Prices of a million prompt tokens and of a million new tokens."""
