"""Which questions lose their answer after a failure, and when no more questions are asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from harness.engines import Engine, Local, Work
from harness.errors import ModelError
from harness.records import Generation
from harness.stages.pending import Pending


@dataclass
class Capitals:
    """A model that answers each letter with its capital, and fails at some letters."""

    failing: str = "-"
    fatal: str = "-"
    asked: list[str] = field(default_factory=list)

    def signature(self) -> str:
        return "capitals"

    def generate(self, words: Sequence[str]) -> Iterator[Generation]:
        self.asked += words
        for word in words:
            if word in self.fatal:
                raise ModelError("the server is gone")
            if word in self.failing:
                raise RuntimeError("fell over")
            yield Generation(word, word.upper())


class TwoAtOnce(Local):
    """An engine whose workers get two requests at a time."""

    def batch_size(self, work: Work) -> int:
        return 2


LOCAL = Local()


def pairs(model: Capitals, *shards: str, engine: Engine = LOCAL) -> tuple[dict[str, str], str]:
    """Each question (a letter and a number) with its answer or reason, and the reason why asking ended."""
    outcome: dict[str, str] = {}

    def on_lost(questions: Sequence[str], reason: str) -> None:
        outcome.update(dict.fromkeys(questions, reason))

    def first(shard: str) -> list[str]:
        return [each[0] for each in shard.split() if pending.add(each[0], each)]

    pending = Pending[str, str](str, on_lost)
    pending.expected = 6
    work = Work("model", model, "generate")
    for batch, answers in pending.batches(engine, work, map(first, shards), 4):
        with pending.catch_failures(batch):
            for answer in answers:
                outcome |= dict.fromkeys(pending.take(answer.request_id), str(answer.text))
    return outcome, pending.stop_reason


def test_equal_questions_share_one_answer() -> None:
    assert pairs(Capitals(), "a1 b1 a2", "b2") == ({"a1": "A", "a2": "A", "b1": "B", "b2": "B"}, "")


def test_exception_loses_only_its_own_question() -> None:
    """The other questions of its batch are asked again, one by one."""
    outcome, stop_reason = pairs(Capitals("b"), "a1 b1 c1", "d1 b2")
    assert outcome == {
        "a1": "A",
        "c1": "C",
        "d1": "D",
        "b1": "RuntimeError: fell over",
        "b2": "RuntimeError: fell over",
    }
    assert stop_reason == ""


def test_three_exceptions_in_a_row_stop_everything() -> None:
    outcome, stop_reason = pairs(Capitals("abc"), "a1 b1 c1 d1")
    assert stop_reason == "RuntimeError: fell over; this happened 3 times in a row, so no more requests are sent"
    assert (outcome["c1"], outcome["d1"]) == ("RuntimeError: fell over", stop_reason)


def test_harness_error_stops_everything() -> None:
    outcome, stop_reason = pairs(Capitals(fatal="b"), "a1 b1 c1", "d1")
    assert stop_reason == "the server is gone"
    assert outcome == {"a1": "A", "b1": stop_reason, "c1": stop_reason, "d1": stop_reason}


def test_stop_within_a_shard_skips_the_rest() -> None:
    """The engine takes two questions at a time, so c and d are not asked."""
    model = Capitals(fatal="a")
    outcome, stop_reason = pairs(model, "a1 b1 c1 d1", engine=TwoAtOnce())
    assert model.asked == ["a", "b"]
    assert outcome == dict.fromkeys(["a1", "b1", "c1", "d1"], stop_reason)


def test_reasons_are_counted_without_ids() -> None:
    pending = Pending[str, str](str)
    pending.expected = 9
    pending.reasons.update({"500 (req_01ab)": 2, "503": 3, "500 (req_02cd)": 2, "500 (req_03ef)": 2})
    assert (
        pending.describe_missing("answers")
        == "9 of 9 answers: 500 (req_01ab) (3 of them for other reasons); the next run asks again"
    )
