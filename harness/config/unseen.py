"""What stands for a plugin of somebody else where a config is only looked at: nothing of it is imported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar, cast

from pydantic import ConfigDict

from harness.records import Metric
from harness.seams import Model, Plugin, Scorer, Verifier

P = TypeVar("P", bound=Plugin)


class UnseenModel(Model):
    """One system, whatever it may turn out to be."""


class UnseenVerifier(Verifier):
    """Judges when it runs."""


class UnseenScorer(Scorer):
    """Its metrics are not known."""

    def metrics(self) -> Sequence[Metric]:
        return ()


_UNSEEN: dict[type[Plugin], type[Plugin]] = {Model: UnseenModel, Verifier: UnseenVerifier, Scorer: UnseenScorer}


def unseen(seam: type[P], kind: str) -> type[P]:
    """A class that goes by the kind, and takes any options: they are known to the plugin alone."""
    base = _UNSEEN[seam]
    own = {"kind": classmethod(lambda _: kind), "model_config": ConfigDict(extra="allow"), "__module__": __name__}
    return cast("type[P]", type(base.__name__, (base,), own))
