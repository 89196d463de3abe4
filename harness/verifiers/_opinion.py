"""What most verifiers share: they form an opinion, as probabilities, and one rule makes it a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

from pydantic import Field

from harness.errors import ConfigError
from harness.records import Agreement, Difference, Label, Pair, Probabilities, Span, Verdict
from harness.seams import FilePath, Verifier
from harness.verifiers import _calibration as calibrations
from harness.verifiers._calibration import Calibration


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a verifier makes of a pair, before it is decided."""

    probabilities: Probabilities
    evidence: Span | None = None
    """Into the premise; None where nothing in it bears on the hypothesis."""
    reason: str | None = None
    undecidable: bool = False
    """Whether there is nothing to decide by (no answer came, or one that cannot be read): then ``reason`` says why."""
    transient: bool = False
    """Whether asking again may give an answer (a time-out, a busy server)."""
    differences: tuple[Difference, ...] = ()
    """Values of the hypothesis that are not the premise's, where the verifier compares values."""
    named: bool = True
    """Whether what contradicts is named, by a verifier that can: a conflict of two values, a false version."""
    whole: bool = True
    """Whether all of the premise was read, or false versions were held against it: the nearest sentences of a long one
    are less to go by."""


class OpinionVerifier(Verifier):
    """A verifier that gives probabilities; ``opinions`` is its one method."""

    unsigned: ClassVar[frozenset[str]] = frozenset({"calibration"})  # its digest is in the signature, not its place

    decide: float = Field(0.5, ge=0.34, le=1)
    """The least probability that decides; where no label reaches it, the verdict is uncertain."""
    accuse: float = Field(0.6, ge=0.34, le=1)
    """The least probability at which a statement is called contradicted: an accusation takes more than a bare half.

    A verifier that can name what differs, and does not, has to be twice as sure: .8 where this is .6. Who has read only
    some of a long premise has to be as sure to call a statement supported as others to accuse."""
    calibration: FilePath | None = None
    """A file that harness calibrate made: it recalibrates the probabilities, and decides in place of ``decide``."""

    def opinions(self, pairs: Sequence[Pair]) -> list[Opinion]:
        """One opinion a pair, in order; a pair's opinion does not depend on the other pairs."""
        raise NotImplementedError

    def measured(self) -> Agreement | None:
        """How well it agrees with people without a calibration; None where nobody has compared them."""
        return None

    def check(self) -> Iterable[str]:
        try:
            self._calibrated  # noqa: B018  # reading it is the check
        except ConfigError as error:
            return str(error).split("\n")
        return ()

    def agreement(self) -> Agreement | None:
        """What the calibration measured where there is one, else what is known of the verifier without it."""
        own, calibrated = self.measured(), self._calibrated
        if calibrated is None:
            return own
        found = calibrated.file.agreement
        caution = " ".join(filter(None, (found.caution, calibrated.caution)))
        return replace(found, fitted={**(own.fitted if own else {}), **found.fitted}, caution=caution)

    def signature(self) -> str:
        """With the digest of the calibration at its end, where there is one."""
        calibrated = self._calibrated
        return self.uncalibrated() + (f"|calibration:{calibrated.digest}" if calibrated else "")

    def uncalibrated(self) -> str:
        """The signature without the calibration: what a calibration is made for."""
        return super().signature()

    def verify(self, pairs: Sequence[Pair]) -> list[Verdict]:
        """One verdict a pair, in order."""
        return [self._verdict(opinion) for opinion in self.opinions(pairs)]

    @cached_property
    def _signature(self) -> str:
        return self.signature()

    @cached_property
    def _calibrated(self) -> Calibration | None:
        if self.calibration is None:
            return None
        if self.decide != type(self).model_fields["decide"].default:
            raise ConfigError("decide and calibration both say what is uncertain; leave one of them out")
        return calibrations.load(self.calibration, self.uncalibrated())

    def _verdict(self, opinion: Opinion) -> Verdict:
        if opinion.undecidable:
            return Verdict(
                "uncertain", opinion.probabilities, opinion.evidence, self._signature, opinion.reason, opinion.transient
            )
        found, label, why = self.decided(opinion)
        differences = () if label == "supported" else opinion.differences
        return Verdict(label, found, opinion.evidence, self._signature, opinion.reason or why, differences=differences)

    def decided(self, opinion: Opinion) -> tuple[Probabilities, Label, str | None]:
        """Probabilities and label, recalibrated where there is a calibration; why, where the label is uncertain."""
        found = opinion.probabilities
        if self._calibrated is not None:
            better = self._calibrated.file.recalibration.apply(found)
            return better, *self._calibrated.label(better, self.accusing(opinion))
        label = most_likely(found)
        probability = getattr(found, label)
        needed = max(self.decide, self._bar(opinion, label))
        if probability >= needed:
            return found, label, None
        return found, "uncertain", f"{label} is likeliest, at {probability:.2f}, and does not reach {needed:g}"

    def accusing(self, opinion: Opinion) -> float:
        """The least probability at which this opinion calls a statement contradicted."""
        return self.accuse if opinion.named else 1 - (1 - self.accuse) / 2

    def _bar(self, opinion: Opinion, label: Label) -> float:
        if label == "contradicted":
            return self.accusing(opinion)
        return self.accuse if label == "supported" and not opinion.whole else 0.0


def most_likely(found: Probabilities) -> Label:
    """The label with the highest probability; of equals, the more careful one."""
    labels: tuple[Label, ...] = ("absent", "contradicted", "supported")
    return max(labels, key=lambda label: getattr(found, label))
