"""Sequence-to-sequence models through transformers: BART, PEGASUS, T5, LED and their kin, from the hub or a folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from harness.errors import ModelError
from harness.models._batches import Batches, Size
from harness.models._context import fit, parts
from harness.models._partwise import PartwiseSummary
from harness.models._seq2seq import Search, Seq2Seq
from harness.records import Generation, Message, Request
from harness.seams import Model
from harness.text import sentences_depend
from harness.weights.plugin import LoadsModel
from harness.weights.source import Head

_AT_ONCE = {"cpu": 8, "cuda": 32, "mps": 8}
"""Texts that are read at once where the config leaves it open; halved where memory runs out."""


class HFSeq2Seq(LoadsModel, Model):
    """A model that reads an article and writes its summary, without a prompt.

    What an option leaves open is as the model's authors set it: beams, penalties, lengths. Nothing is drawn. Rounding
    differs between batches of different shapes, so a text that hangs by a hair may change with its neighbours: with
    ``batch_size: 1`` it has none.
    """

    head: ClassVar[Head] = "seq2seq"
    reads_references: ClassVar[bool] = False
    unsigned: ClassVar[frozenset[str]] = frozenset({"batch_size"})

    prefix: str | None = None
    """What stands before the article: a task ("summarize: "), or a question to a Flan-T5; null for the model's own."""
    long_articles: Literal["truncate", "chunks", "hierarchical"] = "truncate"
    """What an article over the limit comes to: its start is read; its parts are summarised and their summaries put in a
    row; or those are summarised again, until one text is left. The record says what was done."""
    max_input: int | None = Field(None, ge=8)
    """Tokens that are read at once, prefix included; null for as many as the model was made for."""
    max_new_tokens: int | None = Field(None, ge=1, le=1_000_000)
    """Tokens after which a summary is cut; null for the model's own limit, and 128 where it has none."""
    min_new_tokens: int | None = Field(None, ge=0)
    """Tokens before which it does not end; null for the model's own."""
    num_beams: int | None = Field(None, ge=1, le=64)
    """Beams of the search, 1 for greedy; null for the model's own."""
    length_penalty: float | None = None
    """Exponent of the length that a beam's likelihood is divided by: above 0 favours longer texts."""
    no_repeat_ngram_size: int | None = Field(None, ge=0)
    """No run of so many tokens twice; 0 allows it, null for the model's own."""
    repetition_penalty: float | None = Field(None, gt=0, le=10)
    """Divides the scores of tokens that the summary already has; null for the model's own."""
    batch_size: Size = "auto"
    """Texts that the model reads at once, halved where they do not fit into memory; auto: 8, on a CUDA device 32."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Number type of the weights; auto is float32 on the CPU, elsewhere the type that they are stored in."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.min_new_tokens or 0) > (self.max_new_tokens or 10**9):
            raise ValueError(
                f"min_new_tokens {self.min_new_tokens} is above max_new_tokens {self.max_new_tokens}; "
                f"lower the one or raise the other"
            )
        return self

    def depends(self) -> Mapping[str, str]:
        return {**super().depends(), **(sentences_depend() if self.long_articles != "truncate" else {})}

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        waiting = []
        for request in requests:
            draft = self._begun(request)
            if isinstance(draft, Generation):
                yield draft
            else:
                waiting.append(draft)
        while waiting:
            unfinished = []
            for draft in self._read(waiting):
                answer = self._ended(draft)
                if answer is None:
                    unfinished.append(draft)
                else:
                    yield answer
            waiting = unfinished

    def _begun(self, request: Request) -> PartwiseSummary | Generation:
        """What is read first of an article, or the reason why nothing can be."""
        article = request.item.article
        try:
            if self.long_articles == "truncate":
                asked = [Message("user", self._prefix + article.body)]
                remedy = "shorten the prefix, or raise max_input"
                fitted = fit(asked, article, lambda turns: len(self._lm.encode(turns[0].content)), self._room, remedy)
                read = fitted.messages[0].content
                return PartwiseSummary(request, read, [self._lm.encode(read)], fitted.cut)
            return PartwiseSummary(request, article.body, self._parts(article.body, article.language))
        except ValueError as error:
            return Generation(request.id, None, str(error), "none")

    def _read(self, drafts: Sequence[PartwiseSummary]) -> Iterator[PartwiseSummary]:
        """Each draft as soon as its round is over; the longest first, so that memory runs out at once or never."""
        ordered = sorted(drafts, key=lambda draft: -max(map(len, draft.parts)))
        rows = [(draft, part) for draft in ordered for part in draft.parts]
        for done in self._batches.work(rows, lambda batch: self._lm.write([part for _, part in batch])):
            draft, part = done.row
            draft.add(done.result, done.seconds)
            if done.result is None:
                draft.failure = (
                    f"{self.source.name} with a text of {len(part):,} tokens does not fit into memory; "
                    f"lower max_input or num_beams, or set dtype: bfloat16"
                )
            if draft.over:
                yield draft

    def _ended(self, draft: PartwiseSummary) -> Generation | None:
        """The summary; None where another round must be read, which the draft then begins."""
        if self.long_articles != "hierarchical" or len(draft.parts) == 1 or not draft.summary or draft.failure:
            return draft.generation()
        if len(draft.summary) >= len(draft.text):
            draft.reason = "the summaries of its parts are no shorter than the article; lower max_new_tokens"
            return draft.generation()
        draft.begin(draft.summary, self._parts(draft.summary, draft.request.item.article.language))
        return None

    def _parts(self, text: str, language: str) -> list[list[int]]:
        pieces = parts(text, language, lambda part: len(self._lm.encode(self._prefix + part)), self._room)
        return [self._lm.encode(self._prefix + part) for part in pieces]

    @property
    def _prefix(self) -> str:
        return self._lm.prefix if self.prefix is None else self.prefix

    @cached_property
    def _batches(self) -> Batches:
        auto = _AT_ONCE[self._lm.model.device.type]
        return Batches(auto if self.batch_size == "auto" else self.batch_size)

    @cached_property
    def _lm(self) -> Seq2Seq:
        search = Search(**{name: getattr(self, name) for name in Search.__dataclass_fields__})
        loaded = Seq2Seq(self.load(self.dtype), search)
        if loaded.max_new_tokens > loaded.writes:
            raise ModelError(
                f"max_new_tokens {loaded.max_new_tokens:,} is more than the {loaded.writes:,} tokens that "
                f"{self.source.name} can write; lower it"
            )
        return loaded

    @cached_property
    def _room(self) -> float:
        """Tokens that are read at once."""
        if self.max_input is not None and self.max_input > self._lm.positions:
            raise ModelError(
                f"max_input {self.max_input:,} is more than the {self._lm.positions:,} tokens that "
                f"{self.source.name} can read; lower it, or set long_articles"
            )
        return self.max_input or self._lm.reads
