"""The three answers that a model chooses among; ``uncertain`` is for us to say."""

from __future__ import annotations

from typing import Literal, get_args

Option = Literal["supported", "contradicted", "absent"]
OPTIONS: tuple[Option, ...] = get_args(Option)
