"""List the differences between two manifests: those that make numbers incomparable, and those that may explain them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harness.document import format as fmt
from harness.records import Manifest
from harness.signature import kind_of, parts_of

_NAMED = 5  # maximum number of articles to name
_CHANGED = ("one text", "another")  # before and after, if the runs record only hashes
_SUBJECTS = {
    "contexts": "dates or languages of articles",
    "models": "model",
    "packages": "",
    "prompts": "prompt",
    "scorers": "scorer",
    "git commit": "commit",
    "git dirty": "uncommitted changes",
    "machine cores": "processor cores",
    "machine processor": "processor",
    "machine system": "operating system",
}


@dataclass(frozen=True, slots=True)
class RunDifference:
    kind: str
    """articles, contexts, references, facts, labels, verifier, scorers; prompts, models, systems, seed, packages, …"""
    name: str
    """The item of this kind; empty if there is only one."""
    before: str | None
    """None if the first run lacks the item, and empty if only its presence counts."""
    after: str | None

    @property
    def key(self) -> str:
        """The key in the manifest: ``models smollm2.max_new_tokens``."""
        return f"{self.kind} {self.name}".strip()

    @property
    def subject(self) -> str:
        """``model smollm2, max new tokens``."""
        if self.kind == "systems":
            return f"code behind {self.name.removesuffix(' code')}"
        name = self.name
        if self.kind in ("models", "prompts"):
            owner, _, option = name.rpartition(".")
            name = f"{owner}, {option.replace('_', ' ')}" if owner and option != "template" else owner or option
        return _SUBJECTS.get(self.key) or f"{_SUBJECTS.get(self.kind, self.kind)} {name}".strip()

    def show_values(self, first: str, second: str) -> str:
        """``160 → 80``, or ``only in short``; the arguments are the names of the runs."""
        if self.before is None or self.after is None:
            only = second if self.before is None else first
            value = self.before or self.after
            return f"{value} (only in {only})" if value else f"only in {only}"
        return "changed" if (self.before, self.after) == _CHANGED else f"{self.before} → {self.after}"

    def describe(self, first: str, second: str) -> str:
        """``model smollm2, max new tokens: 160 → 80``."""
        return f"{self.subject}: {self.show_values(first, second)}"


def find_measurement_differences(before: Manifest, after: Manifest) -> tuple[RunDifference, ...]:
    """List the differences that make numbers incomparable: data, facts, labels, verifier, scorers."""
    changes = [*_compare_hashes("articles", before.articles, after.articles)]
    # report a missing article once, not also for its references and facts
    shared = [name for name in before.articles if name in after.articles]
    for kind in ("contexts", "references", "facts", "labels"):
        old, new = getattr(before, kind), getattr(after, kind)
        if isinstance(old, str):  # one hash for all articles
            if old and new and old != new and before.articles.keys() == after.articles.keys():
                changes.append(RunDifference(kind, "", *_CHANGED))
        else:
            changes += _compare_hashes(kind, *({name: side.get(name, "") for name in shared} for side in (old, new)))
    changes += _compare_signatures("verifier", {"": before.verifier}, {"": after.verifier})
    changes += _compare_signatures("scorers", before.scorers, after.scorers)
    changes += _compare_opponents(before, after)
    return tuple(changes)


def find_causes(before: Manifest, after: Manifest) -> tuple[RunDifference, ...]:
    """List the differences that may explain why numbers differ: prompts, models, code, seed, packages, machine."""
    changes: list[RunDifference] = []
    for kind in ("prompts", "models"):
        named = (side.config.get(kind) for side in (before, after))
        changes += _compare_values(kind, *(each if isinstance(each, Mapping) else {} for each in named))
    changes += _compare_values("models", before.models, after.models)
    # the code is the only part of a system's signature that is recorded nowhere else
    first, second = (
        {each.name: f"|code:{parts_of(each.signature).get('code', 'none')}" for each in manifest.systems}
        for manifest in (before, after)
    )
    shared = [name for name in first if name in second]
    changes += _compare_signatures("systems", *({name: side[name] for name in shared} for side in (first, second)))
    changes += _compare_values("", {"seed": before.seed}, {"seed": after.seed})
    for kind in ("packages", "git", "machine"):
        changes += _compare_values(kind, getattr(before, kind), getattr(after, kind))
    return tuple(dict.fromkeys(changes))


def _compare_hashes(kind: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[RunDifference]:
    """Compare hashes by article: which articles were removed, added or changed."""
    removed = [name for name in before if name not in after]
    new = [name for name in after if name not in before]
    changed = [name for name in before if name in after and before[name] != after[name]]
    if removed:
        yield RunDifference(kind, _list_names(removed), "", None)
    if new:
        yield RunDifference(kind, _list_names(new), None, "")
    if changed:
        yield RunDifference(kind, ("" if kind == "articles" else "of ") + _list_names(changed), *_CHANGED)


def _list_names(names: list[str]) -> str:
    more = f" {fmt.and_more(len(names) - _NAMED)}" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _compare_opponents(before: Manifest, after: Manifest) -> Iterator[RunDifference]:
    """If the runs have different systems, list the scorers that compare every system with every other of its run."""
    one, other = ([system.name for system in side.systems] for side in (before, after))
    for name in before.scorers.keys() & after.scorers.keys() if set(one) != set(other) else ():
        signature = before.scorers[name]
        if kind_of(signature) == "preference" and parts_of(signature).get("against") == "none":
            yield RunDifference("scorers", f"{name}, compared systems", ", ".join(one), ", ".join(other))


def _compare_signatures(kind: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[RunDifference]:
    """List the names that only one run has; for the others, the kinds that differ, else the parts that differ."""
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old is None or new is None:
            yield RunDifference(kind, name, None if old is None else "", None if new is None else "")
        elif kind_of(old) != kind_of(new):
            yield RunDifference(kind, name, kind_of(old) or "none", kind_of(new) or "none")
        elif old != new:
            parts, others = parts_of(old), parts_of(new)
            for part in dict.fromkeys((*parts, *others)):
                if parts.get(part) != others.get(part):
                    yield RunDifference(kind, f"{name} {part}".strip(), parts.get(part), others.get(part))


def _compare_values(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[RunDifference]:
    old, new = dict(_flatten(before)), dict(_flatten(after))
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            yield RunDifference(kind or name, name if kind else "", old.get(name), new.get(name))


def _flatten(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, Mapping) and value:
            yield from _flatten(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", "none" if value is None else str(value)
