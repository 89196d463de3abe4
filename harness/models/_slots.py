"""A key-value cache of several texts, in one tensor a layer: each text has a slot, and fills it from the start."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


FEWEST = 2
"""Rows of a step at the least. A row alone is multiplied by other routines, so rounded otherwise, than in a batch."""


@dataclass(frozen=True, slots=True)
class Block:
    """Tokens of one text that are read together: its slot, and their places in it."""

    slot: int
    start: int
    end: int

    def write(self, store: torch.Tensor, new: torch.Tensor) -> None:
        """Put (1, heads, tokens, width) into (slots, heads, places, width)."""
        store[self.slot, :, self.start : self.end] = new[0]

    def read(self, store: torch.Tensor) -> torch.Tensor:
        """The keys or values of the whole text so far."""
        return store[self.slot : self.slot + 1, :, : self.end]


@dataclass(frozen=True, slots=True)
class Step:
    """The next token of each text in the first slots: its place there, and how much of the slots attention reads."""

    places: torch.Tensor
    used: int

    def write(self, store: torch.Tensor, new: torch.Tensor) -> None:
        """Put (rows, heads, 1, width) into (slots, heads, places, width); rows beyond the texts are padding."""
        import torch

        slots = torch.arange(len(self.places), device=store.device)
        store[slots, :, self.places.to(store.device)] = new[: len(slots), :, 0]

    def read(self, store: torch.Tensor) -> torch.Tensor:
        """The used part of each of these slots; that of a text alone twice, as its row is doubled (``FEWEST``)."""
        row = store[: len(self.places), :, : self.used]
        return row if len(row) >= FEWEST else row.expand(FEWEST, -1, -1, -1)


class Slots:
    """A cache for ``count`` texts of ``tokens`` tokens, as a model of transformers uses one.

    ``at`` says which tokens the model reads next. transformers' own cache is copied whole for every token that is
    made, which takes half of the time of a step on a CPU.
    """

    def __init__(self, count: int, tokens: int) -> None:
        self.count, self.tokens = count, tokens
        self.at: Block | Step = Block(0, 0, 0)
        self._layers: dict[int, tuple[torch.Tensor, torch.Tensor]] = {}

    def update(
        self, keys: torch.Tensor, values: torch.Tensor, layer: int, *_: Any, **__: Any
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Store a layer's keys and values of the tokens being read; gives all that these tokens may attend to."""
        if layer not in self._layers:
            self._layers[layer] = (self._room(keys), self._room(values))
        mine, theirs = self._layers[layer]
        self.at.write(mine, keys)
        self.at.write(theirs, values)
        return self.at.read(mine), self.at.read(theirs)

    def get_seq_length(self, _layer: int = 0) -> int:
        """Tokens before those being read; a model that is given position ids does not ask."""
        return self.at.start if isinstance(self.at, Block) else self.at.used - 1

    def copy(self, source: int, target: int, tokens: int) -> None:
        """Give a slot the first tokens of another one."""
        import torch

        with torch.inference_mode():  # where what is copied was made
            for store in chain.from_iterable(self._layers.values()):
                store[target, :, :tokens] = store[source, :, :tokens]

    @property
    def bytes_a_token(self) -> int:
        """Memory that a token of a text takes; known when the model has read one."""
        stores = chain.from_iterable(self._layers.values())
        return sum(store[0, :, 0].numel() * store.element_size() for store in stores)

    def _room(self, states: torch.Tensor) -> torch.Tensor:
        """Zeros: attention multiplies places that hold no token by a weight of 0, and 0 times NaN would be NaN."""
        import torch

        _, heads, _, width = states.shape
        return torch.zeros(self.count, heads, self.tokens, width, dtype=states.dtype, device=states.device)
