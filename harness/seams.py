"""The three seams: model, verifier, scorer. A plugin is one class in one file, and its fields are its options.

The fields are what the YAML is checked against and what the JSON Schema is made from; a string under a
field is its description. Each kind of plugin has one method, which takes a batch.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
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
from harness.signature import code_version, digest, kept_digest

DEFAULT_VERIFIER = "entailment"
"""The kind that judges where a config names none."""
LONGEST_NAME = 255
"""Bytes that a file's name may have."""


class Located(str):
    """A string of a config file that knows which file it stands in, so that paths can be relative to it."""

    __slots__ = ("filled", "folder")
    folder: Path
    filled: bool
    """Whether an environment variable was filled in: then the text may stand for a number."""

    @classmethod
    def at(cls, value: str, folder: Path, filled: bool = False) -> Located:
        located = cls(value)
        located.folder, located.filled = folder, filled
        return located


def allowed_variables() -> frozenset[str]:
    """The environment variables that the user lets a config use: ``HARNESS_ALLOW_ENV=NAME,NAME``."""
    return frozenset(name.strip() for name in os.environ.get("HARNESS_ALLOW_ENV", "").split(","))


def expanded(path: str | Path) -> Path:
    """A path with a home folder in the place of ``~`` or ``~name``; as it is written where nobody has that name."""
    return Path(os.path.expanduser(path))  # noqa: PTH111  # pathlib's raises RuntimeError where nobody has the name


def _from_its_file(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not value.strip() or not value.isprintable():
        raise ValueError("write the path of a file or a folder")
    if any(len(part.encode("utf-8", "replace")) > LONGEST_NAME for part in value.split("/")):
        raise ValueError(f"a file's name has at most {LONGEST_NAME} bytes")
    path = expanded(value)
    if str(path).startswith("~"):
        raise ValueError(f"nobody on this machine has the home folder {path.parts[0]}; write the path in full")
    if "://" in value:
        raise ValueError(
            "is a URL; download it and write the path of the file, or name a data set of the hub (dataset:)"
        )
    return value.folder / path if isinstance(value, Located) else path


FilePath = Annotated[Path, BeforeValidator(_from_its_file)]
"""A path option: relative to the config file it is written in (on the command line: to the working directory)."""


class Plugin(BaseModel):
    """What models, verifiers and scorers share: checked options, a kind and a signature."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, protected_namespaces=())

    unsigned: ClassVar[frozenset[str]] = frozenset()
    """Options that change no result, and so stand in no signature; those of the bases count too."""

    @model_validator(mode="wrap")
    @classmethod
    def _choose_kind(cls, value: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        """Let a seam stand for all its kinds: in a config, ``Verifier`` accepts the data of any verifier.

        The context maps each seam to the function that builds the right class: see ``config/build.py``.
        """
        build = info.context.get(cls) if info.context else None
        return build(value) if build is not None and not isinstance(value, cls) else handler(value)

    @classmethod
    def kind(cls) -> str:
        """The name it goes by in a config: its file's name, or ``module:Class`` outside of this package."""
        package, _, name = cls.__module__.rpartition(".")
        return name if package.startswith("harness.") else f"{cls.__module__}:{cls.__name__}"

    @classmethod
    def reaches(cls, options: Mapping[str, Any]) -> Iterable[str]:
        """What it runs, asks or loads with these options that harness does not vouch for, in words.

        A run's manifest may come from anybody: of what it names, only kinds that reach nothing are followed unasked.
        """
        return ()

    def check(self) -> Iterable[str]:
        """What stands in the way of running, as far as it can be known without loading weights."""
        return ()

    def depends(self) -> Mapping[str, str]:
        """What a result depends on beside options and code: checksums of weights and data, versions of libraries."""
        return {}

    def signature(self) -> str:
        """``kind|option:value|…|code:hash``: all that a result of this plugin depends on; of a file, what it holds."""
        unsigned = {name for base in type(self).__mro__ for name in getattr(base, "unsigned", ())}
        options = self.model_dump(mode="json", exclude=unsigned)
        paths = {name: value for name in options if isinstance(value := getattr(self, name), Path) and value.is_file()}
        files = {name: kept_digest(path)[:8] for name, path in paths.items()}
        fields = {**options, **files, **self.depends(), "code": code_version(type(self).__module__)}
        return "|".join([self.kind(), *(f"{key}:{_shown(value)}" for key, value in fields.items())])


class Model(Plugin):
    """Makes summaries from the item itself."""

    unsigned: ClassVar[frozenset[str]] = frozenset({"role"})

    role: Role = "system"
    """system: it is under test; floor: it says how low a number can be; ceiling: how high. Tables and pictures set
    floor and ceiling apart."""

    reads_references: ClassVar[bool] = True
    """Whether a summary may depend on the references of its article, and is made anew when they change."""

    @property
    def sampled(self) -> bool:
        """Whether its output depends on the seed."""
        return False

    def check_articles(self, ids: Collection[str], whole: bool) -> Iterable[str]:
        """What stands in the way once the ids of the articles are known; ``whole`` says that no limit cut them."""
        return ()

    def gaps(self, ids: Collection[str]) -> Iterable[str]:
        """What is amiss with its summaries of these articles, where that is known before they are asked for."""
        return ()

    def samples_for(self, item: Item, variant: str | None = None) -> int:
        """How many summaries it makes of an article, at least 1: none at all is one generation with a reason."""
        return 1

    def variants(self) -> tuple[str, ...]:
        """The systems that it holds, where it holds several (a file of many systems' outputs); each is one system."""
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
        """A request whose id is a hash of all that its answer depends on, this model first of all."""
        article = item.article
        references = [[reference.id, reference.text] for reference in item.references if self.reads_references]
        read = [article.text, article.body, article.title, article.language, references]
        asked = [[message.role, message.content] for message in messages] or read
        key = digest(self.signature(), variant, article.id, asked, sample, seed)
        return Request(key, item, system, messages, sample, seed, variant)

    def generate(self, requests: Sequence[Request]) -> Iterable[Generation]:
        """One generation a request, in any order, each as soon as it is made."""
        raise NotImplementedError


class GenerativeModel(Model):
    """A model that answers prompts: each prompt makes a system of its own."""

    unsigned = frozenset({"prompts", "samples"})

    prompts: tuple[str, ...] | None = None
    """Names of the prompts it runs under; all of the config's where this is left out."""
    samples: int = Field(1, ge=1, le=1000)
    """Summaries made of each article under each prompt."""

    def samples_for(self, item: Item, variant: str | None = None) -> int:
        return self.samples


class Verifier(Plugin):
    """Says whether a premise supports a hypothesis; nearly all derive from ``verifiers.prediction``, which decides."""

    conclusive: ClassVar[frozenset[Label]] = frozenset({"supported", "contradicted", "absent"})
    """The labels that a cascade takes from it where it is sure, without asking further."""

    @property
    def languages(self) -> frozenset[str] | None:
        """ISO 639 codes of the languages that it reads; None where it does not know (any, or those of its model)."""
        return None

    @property
    def together(self) -> int:
        """Pairs that are handed in at once: what is lost where a run is killed, or a server fails."""
        return 256

    def agreement(self) -> Agreement | None:
        """How well it agrees with people on labels that it was not fitted on; None where nobody has compared them."""
        return None

    def verify(self, pairs: Sequence[Pair]) -> list[Verdict]:
        """One verdict a pair, in order; a pair's verdict does not depend on the other pairs."""
        raise NotImplementedError


AskVerifier = Callable[[Sequence[Pair]], Sequence[Verdict]]
"""A verifier's ``verify``, or what stands before it."""


class Scorer(Plugin):
    """Turns a summary, and what is known of it, into numbers; built-in ones derive from ``scorers.measure``."""

    needs: ClassVar[tuple[str, ...]] = ()
    """Metrics of other scorers that it reads from ``case.scores``; their scorers stand before it in the config."""

    @property
    def name(self) -> str:
        """What tells it from the other scorers of a run: its kind, unless one kind may stand there several times."""
        return self.kind()

    @property
    def at_once(self) -> bool:
        """Whether a score depends on the other cases: then a run hands in all at once, else some at a time."""
        return False

    def metrics(self) -> Sequence[Metric]:
        """The numbers it gives, all of them for every case."""
        raise NotImplementedError

    def score(self, cases: Sequence[Case]) -> list[Score]:
        """One score per case and metric, in that order; what cannot be computed has no value and a reason."""
        raise NotImplementedError


def _shown(value: Any) -> str:
    return "yes" if value is True else "no" if value is False else "none" if value is None else str(value)
