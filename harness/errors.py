"""The errors that a user can cause or fix; ``harness/cli`` prints those that nothing else handles.

    HarnessError                 base class of all errors; exit code 1
    ├── UsageError               the command or its input must change before it can work; exit code 2
    │   ├── ConfigError          a config, a prompt or an override is invalid
    │   ├── DataError            an article, a reference, facts.yaml or a record file is invalid
    │   └── RunFolderError       a results folder is locked, cannot be written, or is not a run
    ├── StoreError               a packaged model cannot be fetched or checked, or the disk is full
    ├── ModelError               a model cannot be loaded or fails while it runs
    ├── ClusterError             a cluster cannot be reached or has no room for the work
    └── MissingDependencyError   an optional package is not installed

An error message is an instruction: the place, the value found, the values allowed and what to do. An error that users
can neither cause nor fix is a bug of ours and stays a traceback.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pydantic import ValidationError

_RANDOM = r"(?:(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{20}|[A-Za-z0-9]{30})"
"""20 mixed letters and digits, or any 30, because Hugging Face keys may have no digit; both are unlikely in a name."""
_MIXED = r"(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[\w-]{16}|[0-9a-f]{16}"
"""Upper and lower case mixed, or 16 hexadecimal digits in a row: unlikely in a name after ``sk-``."""
KEYS = re.compile(
    r"\b(Bearer\s+|sk-(?=(?:proj|ant|or-v1|svcacct|admin|service|None|lf)-)|xai-|AIza|ghp_|github_pat_|xox[abp]-|AKIA"
    rf"|sk-(?={_MIXED})|(?:sk-|gsk_|hf_)(?={_RANDOM}))[\w-]{{12,}}"
)
"""Matches API keys of known providers, but not names such as hf_cnn_dailymail and sk-learn-summaries."""
_ID = re.compile(r"(?=[\w.:-]*\d)[\w.:-]{6,}")
"""A word of at least six characters with a digit, such as an id or a time. Short numbers such as 404 do not match."""


def hide_keys(text: str) -> str:
    """Hide text that looks like an API key, because users type keys in the wrong places."""
    return KEYS.sub(r"\1…", text)


def strip_ids(message: str) -> str:
    """Remove ids and times from a message, so that messages of different requests can be compared."""
    return _ID.sub("…", message)


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem at one place of a file."""

    file: str
    """Path as the user would type it; '' if no file is at fault."""
    line: int | None
    """1-based line; None for the whole file."""
    key: str
    """Dotted key (``models.smollm2.max_new_tokens``), or ''."""
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return hide_keys(": ".join(part for part in (place, self.key, self.message) if part))


class HarnessError(Exception):
    """Base class of the errors; ``problems`` has one entry for each place that is wrong."""

    exit_code = 1

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(hide_keys(message))
        self.problems = tuple(problems)

    @classmethod
    def of(cls, problems: Sequence[Problem]) -> Self:
        """Make an error of this class that shows every problem, one per line."""
        return cls("\n".join(str(problem) for problem in problems), problems)

    @classmethod
    def at(cls, file: str, message: str, line: int | None = None, key: str = "") -> Self:
        """Make an error of this class with one problem."""
        return cls.of([Problem(file, line, key, message)])


class UsageError(HarnessError):
    exit_code = 2


class ConfigError(UsageError): ...


class DataError(UsageError): ...


class RunFolderError(UsageError): ...


class StoreError(HarnessError): ...


class ModelError(HarnessError): ...


class ClusterError(HarnessError): ...


class MissingDependencyError(HarnessError): ...


def first_line(error: BaseException) -> str:
    """Return the first line of another library's error, or the error's class name if it has no message."""
    return next(iter(str(error).strip().splitlines()), "") or type(error).__name__


def explain_invalid(error: ValidationError) -> str:
    """Name the first wrong key that pydantic found, and say what is allowed there."""
    first = error.errors(include_url=False)[0]
    return ": ".join(filter(None, (".".join(map(str, first["loc"])), first["msg"])))
