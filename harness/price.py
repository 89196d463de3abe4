"""What tokens cost."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

_Prices = dict[Literal["prompt", "new"], Annotated[float, Field(ge=0, allow_inf_nan=False)]]


def _in_full(price: _Prices) -> _Prices:
    if len(price) < 2:
        raise ValueError("write both: {prompt: 0.15, new: 0.60}, each for a million tokens")
    return price


Price = Annotated[_Prices, AfterValidator(_in_full)]
"""Of a million tokens of prompts, and of a million new ones."""
