"""Continuous batching: a text that is finished makes room for the next one, and texts share what they have in common.

A prompt is read in blocks of a fixed size, counted from its start, and attention reads a slot up to a multiple of
another size. So the same numbers are multiplied in the same order whatever else is in the batch, and whether a block
was read for this text or copied from another one: in bfloat16 the results are equal to the bit on the CPUs that this
was tried on, in float32 up to the last bit.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil
from time import perf_counter
from typing import TYPE_CHECKING, Any

from harness.models._batches import BatchResult
from harness.models._decoding import Decoding
from harness.models._slots import FEWEST, Block, Slots, Step
from harness.weights.device import available, free, ran_out

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

BLOCK = 256
"""Tokens of a prompt that are read at once; what prompts share is whole blocks."""
_LOOK = 64
"""Attention reads slots up to a multiple of so many tokens."""
_USABLE = 0.6
"""Share of the free memory that slots may take."""


@dataclass
class _Text:
    """A prompt, and what has been written after it."""

    number: int
    prompt: Sequence[int]
    seed: int
    written: list[int] = field(default_factory=list)
    processors: Sequence[Callable[[Any, Any], Any]] = ()
    seconds: float = 0.0

    @property
    def place(self) -> int:
        """The position of the token that is read next."""
        return len(self.prompt) + len(self.written) - 1


class Continuous:
    """A model whose keys and values lie in slots."""

    def __init__(self, model: PreTrainedModel, ends: Sequence[int], windows: dict[str, int | None]) -> None:
        self._reader = Reader(model, windows)
        self._ends = frozenset(ends)
        self._tokens: float = _USABLE * available(model.device) / self._reader.bytes_a_token
        """Tokens that there is room for; halved whenever memory runs out."""

    def complete(
        self, prompts: Sequence[Sequence[int]], seeds: Sequence[int], decoding: Decoding, most: int
    ) -> Iterator[BatchResult[int, list[int]]]:
        """The number of each prompt with the tokens after it, as soon as they are made; ``most``: prompts at once."""
        texts = [_Text(number, prompt, seed) for number, (prompt, seed) in enumerate(zip(prompts, seeds, strict=True))]
        waiting = {text.number: text for text in _ordered(texts)}
        while waiting:
            # Texts much shorter than the longest wait: in slots of its size, fewer would have room.
            longest = max(len(text.prompt) for text in waiting.values())
            tokens = ceil((longest + decoding.max_new_tokens) / _LOOK) * _LOOK
            alike = [text for text in waiting.values() if 2 * len(text.prompt) >= longest]
            count = max(1, min(most, len(alike), int(self._tokens // tokens)))
            session = _Session(self._reader, alike, Slots(count, tokens), self._ends, decoding)
            yield from self._finished(session, waiting)

    def _finished(self, session: _Session, waiting: dict[int, _Text]) -> Iterator[BatchResult[int, list[int]]]:
        """What a session finishes; where memory runs out, the next one has half of the room."""
        try:
            for text in session.run():
                del waiting[text.number]
                yield BatchResult(text.number, text.written, text.seconds)
            return
        except (MemoryError, RuntimeError) as error:
            if not ran_out(error):
                raise
        free()
        self._tokens = session.slots.count * session.slots.tokens / 2
        if session.slots.count == 1:
            text = waiting.pop(session.reading.number)
            yield BatchResult(text.number, None, text.seconds)


class _Session:
    """Completes texts in slots of one size."""

    def __init__(
        self, reader: Reader, texts: Sequence[_Text], slots: Slots, ends: frozenset[int], decoding: Decoding
    ) -> None:
        self.slots = slots
        self.reading = texts[0]
        """The text that was begun last."""
        self._reader, self._ends, self._decoding = reader, ends, decoding
        self._waiting = deque(texts)
        self._texts: list[_Text | None] = [None] * slots.count
        """The text that is being written in each slot."""
        self._prompts: list[Sequence[int]] = [()] * slots.count
        """What each slot holds the keys and values of, by slot: of a finished text too, until the next one comes."""

    def run(self) -> Iterator[_Text]:
        """Each text as it is finished."""
        while self._waiting or any(self._texts):
            for slot, text in enumerate(self._texts):
                if text is None and self._waiting:
                    self._begin(slot, self._waiting.popleft())
            self._close_ranks()
            yield from self._step()

    def _close_ranks(self) -> None:
        """Move the last texts into empty slots, so that a step has fewer rows; none is empty while a text waits."""
        while None in self._texts:
            last = self._texts.pop()
            if last is not None:
                empty = self._texts.index(None)
                self.slots.copy(len(self._texts), empty, last.place)
                self._texts[empty] = last

    def _begin(self, slot: int, text: _Text) -> None:
        """Read a prompt, but for its last token and for the blocks that can be copied from another slot."""
        started = perf_counter()
        self.reading, prompt = text, text.prompt
        shared, source = max((_common(prompt, other), -other_slot) for other_slot, other in enumerate(self._prompts))
        if shared and -source != slot:
            self.slots.copy(-source, slot, shared)
        for start in range(shared, len(prompt) - 1, BLOCK):
            block = Block(slot, start, min(start + BLOCK, len(prompt) - 1))
            self._reader.read(prompt[block.start : block.end], block, self.slots)
        self._prompts[slot], self._texts[slot] = prompt, text
        text.written, text.processors = [], self._decoding.processors([text.seed])
        text.seconds = perf_counter() - started

    def _step(self) -> Iterator[_Text]:
        """Write one token of every text."""
        started = perf_counter()
        texts = [text for text in self._texts if text is not None]
        logits = self._reader.step([((text.written or text.prompt)[-1], text.place) for text in texts], self.slots)
        tokens = self._chosen(texts, logits)
        seconds = (perf_counter() - started) / len(texts)
        for slot, (text, token) in enumerate(zip(texts, tokens, strict=True)):
            text.written.append(token)
            text.seconds += seconds
            if token in self._ends or len(text.written) == self._decoding.max_new_tokens:
                self._texts[slot] = None
                yield text

    def _chosen(self, texts: Sequence[_Text], logits: torch.Tensor) -> list[int]:
        """The next token of each text."""
        import torch

        if self._decoding.plain:
            return [int(token) for token in logits.argmax(dim=-1).tolist()]
        tokens = []
        for number, text in enumerate(texts):
            ids = torch.tensor([[*text.prompt, *text.written]], device=logits.device)
            left: Any = logits[number : number + 1]
            for processor in text.processors:
                left = processor(ids, left)
            tokens.append(int(left.argmax()))
        return tokens


class Reader:
    """Runs a model over tokens, with slots as its cache; ValueError where its scores differ from those without."""

    def __init__(self, model: PreTrainedModel, windows: dict[str, int | None]) -> None:
        """``windows``: kind of layer → how many tokens back it looks, None for all of them."""
        self._model, self._windows = model, windows
        self.bytes_a_token = self._tried()

    def read(self, tokens: Sequence[int], block: Block, slots: Slots) -> None:
        """Read some tokens of one text."""
        import torch

        slots.at = block
        places = torch.arange(block.start, block.end, device=self._model.device)
        base: Any = self._model.base_model
        with torch.inference_mode():
            base(**self._inputs(tokens, places[None], block.end), cache=slots, use_cache=True)

    def step(self, read: Sequence[tuple[int, int]], slots: Slots) -> torch.Tensor:
        """Read one token of every text, each (token, place); the scores of what comes after, (texts, vocabulary)."""
        import torch

        rows = [*read, *[read[0]] * (FEWEST - len(read))]
        places = torch.tensor([[place] for _, place in rows], device=self._model.device)
        slots.at = Step(places[: len(read), 0], ceil((max(place for _, place in read) + 1) / _LOOK) * _LOOK)
        inputs = self._inputs([token for token, _ in rows], places, slots.at.used)
        model: Any = self._model
        with torch.inference_mode():
            logits = model(**inputs, cache=slots, use_cache=True, logits_to_keep=1).logits
        return logits[: len(read), -1].float()  # type: ignore[no-any-return]  # a tensor

    def _inputs(self, tokens: Sequence[int], places: torch.Tensor, used: int) -> dict[str, Any]:
        """The model's inputs for tokens at places (texts, tokens): ids, positions and causal masks."""
        import torch

        device = self._model.device
        ids = torch.tensor(tokens, device=device).reshape(places.shape)
        seen = torch.arange(used, device=device)
        masks = {}
        for kind, window in self._windows.items():
            mask = seen <= places[..., None]
            masks[kind] = (mask if window is None else mask & (seen > places[..., None] - window))[:, None]
        (first, *others) = masks.values()
        return {"input_ids": ids, "position_ids": places, "attention_mask": masks if others else first}

    def _tried(self) -> int:
        """The bytes that a token takes; ValueError where the scores differ from those of the model by itself."""
        import torch

        tokens = list(range(10, 26))
        slots = Slots(2, _LOOK)
        self.read(tokens[:9], Block(1, 0, 9), slots)
        self.read(tokens[9:15], Block(1, 9, 15), slots)
        scores = self.step([(0, _LOOK - 1), (tokens[15], 15)], slots)[1]
        model: Any = self._model
        with torch.inference_mode():
            expected = model(torch.tensor([tokens], device=model.device), use_cache=False).logits[0, -1].float()
        if not torch.allclose(
            scores, expected, rtol=0, atol=_TOLERANCE[model.dtype.itemsize] * float(expected.abs().max())
        ):
            raise ValueError("the model does not read slots as it reads a text")
        return slots.bytes_a_token


_TOLERANCE = {4: 1e-3, 2: 5e-2}
"""Bytes of a number → how far scores may differ, as a share of the largest."""


def _common(prompt: Sequence[int], other: Sequence[int]) -> int:
    """Tokens of the whole blocks that two prompts begin with, the last token of either aside."""
    end = max(0, min(len(prompt), len(other)) - 1) // BLOCK * BLOCK
    starts = range(0, end, BLOCK)
    return next((at for at in starts if prompt[at : at + BLOCK] != other[at : at + BLOCK]), end)


def _ordered(texts: Sequence[_Text]) -> list[_Text]:
    """The longest first, so that memory runs out at once or never; but those that begin alike in a row."""
    families: dict[tuple[int, ...], list[_Text]] = {}
    for text in texts:
        families.setdefault(tuple(text.prompt[:BLOCK]), []).append(text)
    for family in families.values():
        family.sort(key=lambda text: list(text.prompt))
    longest = sorted(families.values(), key=lambda family: -max(len(text.prompt) for text in family))
    return [text for family in longest for text in family]
