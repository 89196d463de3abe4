"""The base classes of plugins: ``Model``, ``Verifier`` and ``Scorer``.

A plugin is one class, and its fields are its options. pydantic checks a config against the fields, and makes the JSON
Schema from the fields and their docstrings. Each base class has one main method, which takes a batch.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationInfo,
    model_validator,
)

from harness.records import (
    Agreement,
    Case,
    Generation,
    Item,
    Label,
    Message,
    Metric,
    Pair,
    Request,
    Role,
    Score,
    Verdict,
)
from harness.signature import cached_digest, code_version, digest

DEFAULT_VERIFIER = "entailment"
"""The verifier of a config that names none."""
LONGEST_NAME = 255
"""Maximum number of bytes of a file name."""


class Located(str):
    """A string of a config that knows the config's folder, because paths are relative to it."""

    __slots__ = ("filled", "folder")
    folder: Path
    filled: bool
    """True if the text is from an environment variable; such a text may stand for a number."""

    @classmethod
    def at(cls, value: str, folder: Path, filled: bool = False) -> Located:
        located = cls(value)
        located.folder, located.filled = folder, filled
        return located


def allowed_variables() -> frozenset[str]:
    """Return the names of the environment variables that ``HARNESS_ALLOW_ENV=NAME,NAME`` lets a config use."""
    return frozenset(name.strip() for name in os.environ.get("HARNESS_ALLOW_ENV", "").split(","))


def expand_home(path: str | Path) -> Path:
    """Expand ``~`` or ``~name`` in a path; keep the name of an unknown user."""
    return Path(os.path.expanduser(path))  # noqa: PTH111  # pathlib raises RuntimeError for an unknown user


def resolve_path(value: str) -> Path:
    """Return the path that a config or the command line gives; raise ValueError if it cannot be a path."""
    if not value.strip() or not value.isprintable():
        raise ValueError("write the path of a file or a folder")
    if any(len(part.encode("utf-8", "replace")) > LONGEST_NAME for part in value.split("/")):
        raise ValueError(f"write a file name of at most {LONGEST_NAME} bytes")
    path = expand_home(value)
    if str(path).startswith("~"):
        raise ValueError(f"there is no home folder {path.parts[0]} on this machine; write the path in full")
    if "://" in value:
        raise ValueError("write a path instead of a URL, or name a data set on the hub (dataset: owner/name)")
    return value.folder / path if isinstance(value, Located) else path


FilePath = Annotated[Path, BeforeValidator(lambda value: resolve_path(value) if isinstance(value, str) else value)]
"""A path, relative to the folder of its config or, on the command line, to the working directory."""

_Prices = dict[Literal["prompt", "new"], Annotated[float, Field(ge=0, allow_inf_nan=False)]]


def _require_both(price: _Prices) -> _Prices:
    if len(price) < 2:
        raise ValueError("set both prices per million tokens, e.g. {prompt: 0.15, new: 0.60}")
    return price


Price = Annotated[_Prices, AfterValidator(_require_both)]
"""Prices of a million prompt tokens and of a million new tokens."""


class Plugin(BaseModel):
    """Base class of models, verifiers and scorers, with validated options, a kind and a signature."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, protected_namespaces=())

    unsigned: ClassVar[frozenset[str]] = frozenset()
    """Options that change no result; the signature omits them and the ``unsigned`` options of all base classes."""

    @model_validator(mode="wrap")
    @classmethod
    def _choose_kind(cls, value: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        """Build the class that ``kind`` names, so that a field of type ``Verifier`` accepts any verifier's options.

        ``info.context`` maps each base class to the function that builds its plugins; see ``config/settings.py``.
        """
        build = info.context.get(cls) if info.context else None
        return build(value) if build is not None and not isinstance(value, cls) else handler(value)

    @classmethod
    def kind(cls) -> str:
        """Return the name for configs: the plugin's key in ``KINDS``, or ``module:Class`` in another package."""
        package, _, file = cls.__module__.rpartition(".")
        if not package.startswith("harness."):
            return f"{cls.__module__}:{cls.__name__}"
        kinds: Mapping[str, str] = sys.modules[package].KINDS
        return next(kind for kind, path in kinds.items() if path == f"{file}:{cls.__name__}")

    @classmethod
    def reaches(cls, options: Mapping[str, Any]) -> Iterable[str]:
        """Describe the third-party code, servers and weights that a plugin with these options uses.

        Commands that read an untrusted run refuse its plugins unless this is empty.
        """
        return ()

    def check(self) -> Iterable[str]:
        """Yield the problems that would prevent a run and can be found without loading weights."""
        return ()

    def depends(self) -> Mapping[str, str]:
        """Return what results depend on besides the options: checksums of weights and data, versions of libraries."""
        return {}

    def signature(self) -> str:
        """Return ``kind|option:value|…|code:hash``: all that results depend on. Files and plugins appear as hashes."""
        unsigned = {name for base in type(self).__mro__ for name in getattr(base, "unsigned", ())}
        options = self.model_dump(mode="json", exclude=unsigned)
        signed = {name: _sign(getattr(self, name), dumped) for name, dumped in options.items()}
        fields = {**signed, **self.depends(), "code": code_version(type(self).__module__)}
        return "|".join([self.kind(), *(f"{key}:{_format(value)}" for key, value in fields.items())])


class Model(Plugin):
    """Writes summaries of articles."""

    unsigned: ClassVar[frozenset[str]] = frozenset({"role"})

    role: Role = "system"
    """``system`` is under test. ``floor`` and ``ceiling`` show how low or high numbers can be; tables mark them."""

    reads_references: ClassVar[bool] = True
    """True if a summary may depend on the article's references; harness generates it again when they change."""

    @property
    def sampled(self) -> bool:
        """True if the output depends on the seed. Models that sample override this property."""
        return False

    def check_articles(self, ids: Collection[str], whole: bool) -> Iterable[str]:
        """Yield the problems with a run of these articles; ``whole`` is False if the option ``limit`` left some out."""
        return ()

    def gaps(self, ids: Collection[str]) -> Iterable[str]:
        """Describe the summaries of these articles that will certainly be missing."""
        return ()

    def samples_for(self, item: Item, variant: str | None = None) -> int:
        """Return the number of summaries of an article, at least 1, including summaries that will be missing."""
        return 1

    def variants(self) -> tuple[str, ...]:
        """Return the names of the model's systems, if it has several, e.g. because it replays a file of outputs."""
        return ()

    def request(
        self,
        item: Item,
        system: str,
        messages: tuple[Message, ...] = (),
        sample: int = 0,
        seed: int = 0,
        variant: str | None = None,
    ) -> Request:
        """Make a request, whose id is a hash of everything that the answer depends on."""
        article = item.article
        references = [[reference.id, reference.text] for reference in item.references if self.reads_references]
        read = [article.text, article.body, article.title, article.language, references]
        asked = [[message.role, message.content] for message in messages] or read
        key = digest(self.signature(), variant, article.id, asked, sample, seed)
        return Request(key, item, system, messages, sample, seed, variant)

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        """Yield one generation per request, each as soon as it is made, in any order."""
        raise NotImplementedError


class GenerativeModel(Model):
    """A model that answers prompts; with each prompt it is a separate system."""

    unsigned = frozenset({"prompts", "samples"})

    prompts: tuple[str, ...] | None = Field(None, min_length=1)
    """Prompts to run the model with, by name (default: every prompt in the config)."""
    samples: int = Field(1, ge=1, le=1000)
    """Summaries per article and prompt."""

    @model_validator(mode="after")
    def _check_samples(self) -> Self:
        if self.samples == 1 or self.sampled:
            return self
        if "temperature" in type(self).model_fields:
            remedy = "set temperature above 0, or samples: 1"
            raise ValueError(f"at temperature 0 all {self.samples} samples are identical; {remedy}")
        raise ValueError(f"{self.kind()} does not sample, so all {self.samples} samples are identical; set samples: 1")

    def samples_for(self, item: Item, variant: str | None = None) -> int:
        return self.samples


class Verifier(Plugin):
    """Decides whether a premise supports a hypothesis. Most verifiers derive from ``PredictiveVerifier``."""

    conclusive: ClassVar[frozenset[Label]] = frozenset({"supported", "contradicted", "absent"})
    """Labels that a cascade accepts from a confident verdict, without asking the next verifier."""
    languages: ClassVar[frozenset[str] | None] = None
    """ISO 639 codes of the languages that the verifier reads; None if they are unknown."""

    @property
    def pairs_per_batch(self) -> int:
        """Number of pairs per batch. A killed run loses the verdicts of at most one batch."""
        return 256

    def agreement(self) -> Agreement | None:
        """Return the agreement with labels that the verifier was not fitted on, or None if nobody measured it."""
        return None

    def verify(self, pairs: Sequence[Pair]) -> list[Verdict]:
        """Return one verdict per pair, in order; a verdict must not depend on the other pairs."""
        raise NotImplementedError

    def verify_all(self, pairs: Sequence[Pair]) -> list[Verdict]:
        """Call ``verify``; raise ValueError, which names the plugin, unless it returns one verdict per pair."""
        verdicts = list(self.verify(pairs))
        if len(verdicts) != len(pairs):
            counts = f"{len(verdicts)} of {len(pairs)} verdicts"
            raise ValueError(f"{self.kind()} returned {counts}; return one per pair, in order")
        return verdicts


AskVerifier = Callable[[Sequence[Pair]], Sequence[Verdict]]
"""A verifier's ``verify_all``, or a function that wraps it."""


class Scorer(Plugin):
    """Computes numbers about a summary from a ``Case``. Most scorers derive from ``SummaryScorer``."""

    needs: ClassVar[tuple[str, ...]] = ()
    """Metrics of other scorers that this one reads from ``case.scores``; the config must list those scorers first."""

    @property
    def name(self) -> str:
        """The scorer's unique name in a run: its kind, unless a config may have several scorers of this kind."""
        return self.kind()

    def check_systems(self, names: Collection[str]) -> Iterable[str]:
        """Yield the problems with a run of these systems, e.g. an option that names an unknown system."""
        return ()

    def metrics(self) -> Sequence[Metric]:
        """Return the metrics that the scorer computes for every case."""
        raise NotImplementedError

    def score(self, cases: Sequence[Case]) -> list[Score]:
        """Score each case independently: one score per metric, case by case; a score without a value has a reason."""
        raise NotImplementedError


def _sign(value: Any, dumped: Any) -> Any:
    """Return what a signature says about an option's value; ``dumped`` is the value as JSON."""
    if isinstance(value, Plugin):
        return f"{value.kind()}@{digest(value.signature())}"
    if isinstance(value, tuple | list) and isinstance(dumped, list):
        return [_sign(*each) for each in zip(value, dumped, strict=True)]
    return cached_digest(value)[:8] if isinstance(value, Path) and value.is_file() else dumped


def _format(value: Any) -> str:
    return "yes" if value is True else "no" if value is False else "none" if value is None else str(value)
