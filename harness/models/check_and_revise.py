"""Summarise, check against the article, and have the statements that it does not support corrected.

After the first draft each round is a turn of the same conversation: the draft, and what is wrong with it. Of all
versions the one that the verifier supports most is kept, so that a correction for the worse is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pydantic import Field, field_validator

from harness.models._checking import Checked, CheckingStrategy, best, step
from harness.models.strategy import Draft
from harness.records import Generation, Item, Message, Step

_CLAIMS = "{claims}"

INSTRUCTION = """\
These statements of your summary are not borne out by the article:

{claims}

Write the summary again at the same length. Correct these statements by the article, or leave them out, and keep the \
rest. Answer with the summary alone.\
"""


class CheckAndRevise(CheckingStrategy):
    """A model that is told which of its statements the article does not support, and writes again."""

    rounds: int = Field(1, ge=1, le=5)
    """Corrections that are asked for at most; none where nothing is found wrong."""
    instruction: str = Field(INSTRUCTION, min_length=1)
    """What asks for a correction; {claims} stands for the statements, each with what the article says instead."""

    @field_validator("instruction")
    @classmethod
    def _names_claims(cls, instruction: str) -> str:
        if _CLAIMS not in instruction:
            raise ValueError(f"has no place for the statements; write {_CLAIMS} where they belong")
        return instruction

    def calls(self, item: Item) -> int:
        return (1 + self.rounds) * self.base.calls(item)

    def summarise(self, drafts: Sequence[Draft]) -> Iterable[Generation]:
        conversations = [_Conversation(draft, list(draft.request.messages)) for draft in drafts]
        self._write(conversations, "draft")
        for number in range(1, self.rounds + 1):
            yield from (each.generation() for each in conversations if not each.unsupported_claims)
            conversations = [each for each in conversations if each.unsupported_claims]
            for each in conversations:
                each.answer(self.instruction)
            self._write(conversations, f"revision {number}")
        yield from (each.generation() for each in conversations)

    def _write(self, conversations: Sequence[_Conversation], name: str) -> None:
        calls = [(each.draft, each.draft.base_request(self.base, name, each.messages)) for each in conversations]
        answers = self.call(calls)
        texts = [
            (each, answer) for each, answer in zip(conversations, answers, strict=True) if each.accepts(name, answer)
        ]
        checked = self.check_texts([(each.draft, answer) for each, answer in texts])
        for (each, answer), claims in zip(texts, checked, strict=True):
            each.add_version(name, answer, claims)


class _Conversation:
    """The conversation about one summary."""

    def __init__(self, draft: Draft, messages: list[Message]) -> None:
        self.draft, self.messages = draft, messages
        self.unsupported_claims: list[Checked] = []
        """The statements of the last version that the article does not support."""
        self._versions: list[Generation] = []

    def accepts(self, name: str, answer: Generation) -> bool:
        """Whether there is a text to check; a model that has none to add leaves what it wrote before."""
        self.unsupported_claims = []
        if answer.text is None and (answer.transient or not self._versions):
            self.draft.fail(answer.reason, answer.transient)
        elif answer.text is None:
            self.draft.steps.append(Step(name, None))
        return answer.text is not None

    def add_version(self, name: str, answer: Generation, claims: Sequence[Checked]) -> None:
        """Take a version down, with what was found of it."""
        self._versions.append(answer)
        self.draft.steps.append(step(name, answer.text or "", claims))
        self.unsupported_claims = [each for each in claims if each.unsupported] if self.draft.failure is None else []

    def answer(self, instruction: str) -> None:
        """Say what is wrong with the last version."""
        listed = "\n".join(f"- {each.claim}{_instead(each)}" for each in self.unsupported_claims)
        self.messages += [
            Message("assistant", self._versions[-1].text or ""),
            Message("user", instruction.replace(_CLAIMS, listed)),
        ]

    def generation(self) -> Generation:
        """The version that is supported most."""
        checked = [each for each in self.draft.steps if each.text is not None]
        if self.draft.failure is not None or not checked:
            return self.draft.generation(None, None)
        kept = best(checked)
        return self.draft.generation(self._versions[kept], _how(self.draft.steps, checked[kept].name))


def _instead(checked: Checked) -> str:
    evidence = checked.verdict.evidence
    if checked.verdict.label != "contradicted" or evidence is None:
        return " (the article does not say so)"
    return f" (the article says: {' '.join(evidence.text.split())})"


def _how(steps: Sequence[Step], kept: str) -> str:
    steps_told = [
        f"{each.name}: "
        + ("no text" if each.text is None else f"{len(each.unsupported)} of {each.claims} statements unsupported")
        for each in steps
    ]
    which = "the draft" if kept == "draft" else kept
    return "; ".join(steps_told) + (f"; {which} is kept" if len(steps) > 1 else "")
