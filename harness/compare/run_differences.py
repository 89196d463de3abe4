"""List how two manifests differ: what makes their numbers incomparable, and what may explain other numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harness.document import format as fmt
from harness.records import Manifest
from harness.signature import kind_of, parts_of

_NAMED = 5  # maximum number of articles to name
_TEXTS = ("one text", "another")  # stands for both texts if the runs record only their hashes
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
    """One difference between two runs.

    ``before`` or ``after`` is None if that run lacks the item, and empty if only its presence counts.
    """

    kind: str
    """articles, contexts, references, facts, labels, verifier, scorers; prompts, models, systems, seed, packages, …"""
    name: str
    """Which item of this kind; empty if there is only one."""
    before: str | None
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

    def difference(self, first: str, second: str) -> str:
        """``160 → 80``, or ``only in short``."""
        if self.before is None or self.after is None:
            only = second if self.before is None else first
            value = self.before or self.after
            return f"{value} (only in {only})" if value else f"only in {only}"
        return "changed" if (self.before, self.after) == _TEXTS else f"{self.before} → {self.after}"

    def describe(self, first: str, second: str) -> str:
        """``model smollm2, max new tokens: 160 → 80``."""
        return f"{self.subject}: {self.difference(first, second)}"


def measures(before: Manifest, after: Manifest) -> tuple[RunDifference, ...]:
    """List the differences that make numbers incomparable: data, facts, labels, verifier, scorers."""
    changes = [*_data("articles", before.articles, after.articles)]
    changes += _compare_hashes("contexts", before, after)
    # report a missing article once, not also for its references and facts
    shared = [name for name in before.articles if name in after.articles]
    for kind in ("references", "facts"):
        old, new = ({name: getattr(side, kind).get(name, "") for name in shared} for side in (before, after))
        changes += _data(kind, old, new)
    changes += _compare_hashes("labels", before, after)
    changes += _signatures("verifier", {"": before.verifier}, {"": after.verifier})
    changes += _signatures("scorers", before.scorers, after.scorers)
    changes += _compare_opponents(before, after)
    return tuple(changes)


def causes(before: Manifest, after: Manifest) -> tuple[RunDifference, ...]:
    old, new = before.config, after.config
    changes = [*_leaves("prompts", _mapping(old, "prompts"), _mapping(new, "prompts"))]
    changes += _leaves("models", _mapping(old, "models"), _mapping(new, "models"))
    changes += _leaves("models", before.models, after.models)
    # the code is the only part of a system's signature that is recorded nowhere else
    code = [
        {each.name: f"|code:{parts_of(each.signature).get('code', 'none')}" for each in manifest.systems}
        for manifest in (before, after)
    ]
    first, second = ({name: side[name] for name in side if all(name in each for each in code)} for side in code)
    changes += _signatures("systems", first, second)
    changes += _leaves("", {"seed": before.seed}, {"seed": after.seed})
    for kind in ("packages", "git", "machine"):
        changes += _leaves(kind, getattr(before, kind), getattr(after, kind))
    return tuple(dict.fromkeys(changes))


def _data(kind: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[RunDifference]:
    removed = [name for name in before if name not in after]
    new = [name for name in after if name not in before]
    changed = [name for name in before if name in after and before[name] != after[name]]
    if removed:
        yield RunDifference(kind, _name_first(removed), "", None)
    if new:
        yield RunDifference(kind, _name_first(new), None, "")
    if changed:
        yield RunDifference(kind, f"of {_name_first(changed)}" if kind != "articles" else _name_first(changed), *_TEXTS)


def _compare_hashes(kind: str, before: Manifest, after: Manifest) -> Iterator[RunDifference]:
    """Compare the hash of all contexts, or of all labels; it has no meaning if the articles differ."""
    one, other = getattr(before, kind), getattr(after, kind)
    if one and other and one != other and before.articles.keys() == after.articles.keys():
        yield RunDifference(kind, "", *_TEXTS)


def _compare_opponents(before: Manifest, after: Manifest) -> Iterator[RunDifference]:
    """Other systems for a scorer that compares every pair of systems of its run."""
    one, other = ([system.name for system in side.systems] for side in (before, after))
    for name in before.scorers.keys() & after.scorers.keys() if set(one) != set(other) else ():
        signature = before.scorers[name]
        if kind_of(signature) == "preference" and parts_of(signature).get("against") == "none":
            yield RunDifference("scorers", f"{name}, compared systems", ", ".join(one), ", ".join(other))


def _name_first(names: list[str]) -> str:
    more = f" {fmt.and_more(len(names) - _NAMED)}" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _signatures(kind: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[RunDifference]:
    """List the parts of signatures that differ, or the kinds; the name alone if only one run has it."""
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


def _leaves(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[RunDifference]:
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


def _mapping(config: Mapping[str, object], key: str) -> Mapping[str, Any]:
    value = config.get(key)
    return value if isinstance(value, Mapping) else {}
