"""A metric of the evaluate library, in memory."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from harness.errors import HarnessError, MissingDependencyError
from harness.scorers.measure import Measure, missing


class Module:
    """What ``evaluate.load`` gave. One that failed is loaded anew, as it may have kept half of its input."""

    def __init__(self, load: Callable[[], Any]) -> None:
        self._load, self._module = load, load()

    def compute(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Its results by key; ValueError, in its words, where it fails."""
        try:
            results = self._module.compute(**arguments)
        except Exception as error:
            self._module = self._load()
            raise ValueError(f"{type(error).__name__}: {_first_line(error)}") from error
        if not isinstance(results, Mapping):
            raise ValueError(f"it gives {type(results).__name__} instead of results by key")
        return results


def load(metric: Path | str, config: str | None, revision: str | None) -> Module:
    """A metric of the hub, or of a folder or script; HarnessError, with what to do, where it cannot be had."""
    import evaluate

    def loaded() -> Any:
        return evaluate.load(str(metric), config_name=config, revision=revision, keep_in_memory=True)

    try:
        return Module(loaded)
    except ImportError as error:
        raise MissingDependencyError(f"the metric {Path(metric).name} needs a package: {_first_line(error)}") from error
    except Exception as error:  # the module's own code runs here, and may raise anything
        raise HarnessError(f"the metric {Path(metric).name} cannot be loaded: {_explained(metric, error)}") from error


def number(results: Mapping[str, Any], key: str) -> Measure:
    """One of the results as a number: a list of one is that one."""
    if key not in results:
        return missing(f"the metric gives no {key!r}; it gives: {', '.join(map(str, results))}")
    value = results[key]
    if hasattr(value, "tolist"):  # of numpy and torch
        value = value.tolist()
    while isinstance(value, list | tuple) and len(value) == 1:
        value = value[0]
    if isinstance(value, bool | int | float):
        return Measure(float(value)) if math.isfinite(value) else missing(f"the metric gives {value} for {key!r}")
    if value is None:
        return missing(f"the metric gives no value for {key!r}")
    return missing(f"the metric gives {type(value).__name__} for {key!r}, which is no number")


def _explained(metric: Path | str, error: Exception) -> str:
    if isinstance(metric, Path):
        return f"its script fails ({type(error).__name__}: {_first_line(error)})"
    if isinstance(error, FileNotFoundError | ConnectionError):
        return (
            "the hub does not answer or does not have it, and it is not in the local cache; "
            "connect to the hub once, or save the folder that holds its script and give its path"
        )
    return _first_line(error)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
