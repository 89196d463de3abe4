"""Any metric of the evaluate library, one summary at a time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field

from harness.errors import HarnessError, first_line
from harness.files import show
from harness.records import Case, Metric
from harness.scorers.measure import BatchScorer, Measure, explain_no_reference, missing
from harness.weights.source import Named, find_source, hash_folder

Part = Literal["summary", "references", "reference", "article", "facts"]


class Evaluate(BatchScorer):
    """A metric that ``evaluate.load`` finds, by hub id or local path, computed for each summary alone.

    Its numbers are called ``evaluate.NAME.KEY``. Their mean over summaries may differ from the metric of the whole
    corpus. A metric is Python code. harness runs local code without asking, and code from the hub only with
    ``trust_remote_code``. The signature names the script and evaluate's version, not the packages that the script
    imports.
    """

    unsigned: ClassVar[frozenset[str]] = frozenset({"metric", "alias", "trust_remote_code", "better"})

    metric: Named
    """A folder or script that evaluate.load accepts, relative to the config file, or a hub metric's id (meteor,
    org/name)."""
    alias: str = Field("", pattern=r"^[A-Za-z0-9._-]*$")
    """NAME in evaluate.NAME.KEY (default: the name of the folder, script or hub metric)."""
    keys: tuple[str, ...] = Field(min_length=1)
    """Keys to take from the results; each becomes a metric."""
    config: str | None = None
    """The metric's configuration to load, if there are several."""
    revision: str | None = None
    """Branch, tag or commit of a hub metric (default: the version of the installed evaluate, or else the newest)."""
    inputs: dict[str, Part] = Field(
        default_factory=lambda: dict[str, Part](predictions="summary", references="references")
    )
    """The value of each input of the metric: the summary, all references (a list), the first reference, the article's
    text, or the statements of the facts (a list)."""
    arguments: dict[str, Any] = Field(default_factory=dict)
    """Further arguments of the metric's compute, e.g. {lang: en}."""
    better: Literal["higher", "lower", "neither"] = "higher"
    """Which values are better."""
    trust_remote_code: bool = False
    """Run the Python code of a hub metric. Read it first."""

    @property
    def name(self) -> str:
        return f"evaluate.{self.alias or self._name}"

    @classmethod
    def reaches(cls, options: Mapping[str, Any]) -> Iterable[str]:
        yield f"runs the Python code of the metric {options.get('metric')}"

    def check(self) -> Iterable[str]:
        path = self._path
        if find_spec("evaluate") is None:
            yield "needs a package: pip install 'fact-harness[datasets]'"
        elif path is None and not self.trust_remote_code:
            yield (
                f"the metric {self.metric} is Python code from the hub; read it, then set trust_remote_code: true, "
                f"or give the path of a folder that contains it"
            )
        elif path is not None and not path.exists():
            yield f"{show(path)}: no such folder or script"
        elif path is not None and path.is_dir() and not (path / f"{path.name}.py").is_file():
            yield f"{show(path)} has no {path.name}.py; evaluate needs a script with the folder's name"

    def depends(self) -> Mapping[str, str]:
        path = self._path
        if path is None:
            return {"metric": self.metric, "evaluate": version("evaluate")}
        folder, pattern = (path, "*.py") if path.is_dir() else (path.parent, path.name)
        script = hash_folder(folder, pattern)[:8]
        return {"metric": self._name, "script": script, "evaluate": version("evaluate")}

    def metrics(self) -> Sequence[Metric]:
        return [
            Metric(f"{self.name}.{key}", f"{self.alias or self._name}: {key}", better=self.better, format="number")
            for key in self.keys
        ]

    def measure_all(self, cases: Sequence[Case]) -> Iterable[Mapping[str, Measure]]:
        try:
            if reason := next(iter(self.check()), None):
                raise HarnessError(reason)
            self._module  # noqa: B018  # load it before the first summary
        except HarnessError as error:
            return [self.nothing(str(error)) for _ in cases]
        return [self._measure(case) for case in cases]

    def _measure(self, case: Case) -> Mapping[str, Measure]:
        used = set(self.inputs.values())
        if used & {"references", "reference"} and (reason := explain_no_reference(case)):
            return self.nothing(reason)
        if "facts" in used and not case.item.facts:
            return self.nothing("the article has no facts")
        references = [reference.text for reference in case.references]
        parts: dict[Part, str | list[str]] = {
            "summary": case.summary.text or "",
            "references": references,
            "reference": next(iter(references), ""),
            "article": case.item.article.text,
            "facts": [fact.statement for fact in case.item.facts],
        }
        inputs = {name: [parts[part]] for name, part in self.inputs.items()}
        try:
            results = dict(self._module.compute(**{**self.arguments, **inputs}))
        except Exception as error:  # noqa: BLE001  # the metric's own code may raise anything
            self.__dict__.pop("_module", None)  # load the metric again, because it may have kept half of its input
            reason = f"the metric {self._name} failed: {type(error).__name__}: {first_line(error)}"
            cure = "if it takes one reference, not a list, set inputs: {predictions: summary, references: reference}"
            return self.nothing(f"{reason}; {cure}" if "references" in used else reason)
        return {metric.name: _read_number(results, key) for metric, key in zip(self.metrics(), self.keys, strict=True)}

    @property
    def _path(self) -> Path | None:
        place = find_source(self.metric)
        return place.path if place.kind == "folder" else None

    @property
    def _name(self) -> str:
        return Path(self.metric).name.removesuffix(".py")

    @cached_property
    def _module(self) -> Any:
        """The loaded metric; raise HarnessError if it cannot be loaded."""
        import evaluate

        metric = str(self._path or self.metric)
        try:
            return evaluate.load(metric, config_name=self.config, revision=self.revision, keep_in_memory=True)
        except Exception as error:  # the metric's own code runs here, and may raise anything
            reason = f"{type(error).__name__}: {first_line(error)}"
            raise HarnessError(f"the metric {self._name} cannot be loaded: {reason}") from error


def _read_number(results: Mapping[str, Any], key: str) -> Measure:
    """Read one of the results as a number; a list with one element counts as that element."""
    if key not in results:
        return missing(f"the metric returned no {key!r} (its keys: {', '.join(map(str, results))})")
    value = results[key]
    if hasattr(value, "tolist"):  # numpy and torch
        value = value.tolist()
    while isinstance(value, list | tuple) and len(value) == 1:
        value = value[0]
    if isinstance(value, bool | int | float) and math.isfinite(value):
        return Measure(float(value))
    return missing(f"the metric returned {value!r:.40} for {key!r}, which is not a finite number")
