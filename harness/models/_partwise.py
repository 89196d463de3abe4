"""A summary in the making, of an article that may take a model several parts and rounds to read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from harness.models._completion import Completion
from harness.models._context import how_read, without_cut_sentence
from harness.records import Generation, Request


@dataclass
class PartwiseSummary:
    """The text of this round, what the model wrote of its parts, and totals over all rounds."""

    request: Request
    text: str
    """What is read in this round: the article, later the summaries of its parts in a row."""
    parts: list[list[int]]
    """The parts of the text, as token ids."""
    cut: str | None = None
    written: list[Completion] = field(default_factory=list)
    """The completions of the parts, in order; the round is over when there is one of each."""
    rounds: list[int] = field(default_factory=list)
    """The number of parts of each finished round."""
    prompt_tokens: int = 0
    new_tokens: int = 0
    seconds: float = 0.0
    failure: str | None = None
    """Why the model could not read it, though it may when asked again."""
    reason: str | None = None
    """Why nothing that was written is a summary."""
    shortened: int = 0
    """Parts whose last sentence the token limit cut off and that more follows: without it."""
    ended: bool = True
    """Whether the model ended everything that it wrote itself."""

    def add(self, completion: Completion | None, seconds: float) -> None:
        """Take down what was written of the next part; None where it could not be read."""
        completion = completion or Completion("", 0, True)
        is_last = len(self.written) == len(self.parts) - 1
        if not completion.ended and not is_last:
            text = without_cut_sentence(completion.text, self.request.item.article.language)
            self.shortened += text != completion.text
            completion = replace(completion, text=text)
        self.prompt_tokens += len(self.parts[len(self.written)])
        self.new_tokens += completion.tokens
        self.seconds += seconds
        self.ended &= completion.ended
        self.written.append(completion)

    @property
    def over(self) -> bool:
        """Whether every part of this round has been read."""
        return len(self.written) == len(self.parts)

    @property
    def summary(self) -> str:
        """What was written in this round: a line a part where there are several."""
        return "\n".join(completion.text for completion in self.written if completion.text)

    def begin(self, text: str, parts: list[list[int]]) -> None:
        """Go on to a round that reads what this one wrote."""
        self.rounds.append(len(self.parts))
        self.text, self.parts, self.written = text, parts, []

    def generation(self) -> Generation:
        """The record."""
        text = self.summary
        why = self.failure or self.reason or (None if text else "the model returned no text")
        return Generation(
            self.request.id,
            None if why else text,
            why,
            "none" if why else "stop" if self.ended else "length",
            cut=self.cut,
            how=how_read([*self.rounds, len(self.parts)], self.shortened),
            prompt_tokens=self.prompt_tokens,
            new_tokens=self.new_tokens,
            seconds=self.seconds,
            transient=self.failure is not None,
        )
