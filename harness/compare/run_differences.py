"""List what differs between runs: what makes their numbers incomparable, and what may explain different numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from harness.compare.stored import StoredRun
from harness.document import format as fmt
from harness.errors import UsageError
from harness.records import Manifest
from harness.signature import kind_of, parts_of

_NAMED = 5  # maximum number of articles to name
_CHANGED = ("one text", "another")  # placeholders for values that runs record only as a hash
_SUBJECTS = {
    "contexts": "languages of articles",
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
class RunDifferences:
    """The differences between the first run and another."""

    first: str
    run: str
    measures: tuple[RunDifference, ...]
    """Differences that make the numbers of the two runs incomparable."""
    causes: tuple[RunDifference, ...]
    """Differences that may explain why the numbers differ."""

    @classmethod
    def of(cls, first: StoredRun, other: StoredRun) -> RunDifferences:
        """Compare the manifests of two runs; ignore their labels if only the verifier's verdicts count."""
        before, after = first.manifest, other.manifest
        if first.verifier_alone:
            before = replace(before, labels="")
        measures = find_measurement_differences(before, after)
        return cls(first.name, other.name, measures, find_causes(before, after))

    def describe(self, difference: RunDifference) -> str:
        return difference.describe(self.first, self.run)


@dataclass(frozen=True, slots=True)
class RunDifference:
    kind: str
    """What differs: a measure such as ``facts`` or ``verifier``, or a cause such as ``prompts`` or ``packages``."""
    name: str
    """Which item of this kind differs; empty if there is only one."""
    before: str | None
    """None if the first run lacks the item; empty if the item has no value to show."""
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
        """``160 → 80``, or ``only in run-b``; the arguments are the names of the runs."""
        if self.before is None or self.after is None:
            only = second if self.before is None else first
            value = self.before or self.after
            return f"{value}, only in {only}" if value else f"only in {only}"
        return "changed" if (self.before, self.after) == _CHANGED else f"{self.before} → {self.after}"

    def describe(self, first: str, second: str) -> str:
        """``model smollm2, max new tokens: 160 → 80``."""
        return f"{self.subject}: {self.show_values(first, second)}"


class MeasuredDifferentlyError(UsageError):
    """Raised if runs were measured differently; ``--allow-different`` compares them anyway."""

    def __init__(self, first: str, differences: Sequence[str]) -> None:
        self.first, self.differences = first, tuple(differences)
        lines = "".join(f"  {each}\n" for each in differences)
        super().__init__(
            f"the runs were measured differently from {first}:\n{lines}what to do:\n"
            "- run them on the same articles, and score them with one config: harness score RUN --config CONFIG\n"
            "- if only facts, references or labels changed: harness score --stale RUN\n"
            "- to compare only what they share: add --allow-different"
        )


def require_same_measures(runs: Sequence[StoredRun], differences: Sequence[RunDifferences]) -> None:
    """Raise MeasuredDifferentlyError if a run was measured differently from the first, or its labels have changed."""
    wrong = [f"{each.run}: {each.describe(measure)}" for each in differences for measure in each.measures]
    wrong += warn_of_changed_labels(runs)
    if wrong:
        raise MeasuredDifferentlyError(runs[0].name, wrong)


def warn_of_changed_labels(runs: Sequence[StoredRun]) -> list[str]:
    return [f"{run.name}: people's labels have changed since it was scored." for run in runs if run.has_new_labels]


def find_measurement_differences(before: Manifest, after: Manifest) -> tuple[RunDifference, ...]:
    """List the differences that make numbers incomparable: data, facts, labels, verifier, scorers."""
    changes = [*_compare_hashes("articles", before.articles, after.articles)]
    # report a missing article once, not also for its references and facts
    shared = [name for name in before.articles if name in after.articles]
    for kind, old, new in (("references", before.references, after.references), ("facts", before.facts, after.facts)):
        changes += _compare_hashes(kind, *({name: side.get(name, "") for name in shared} for side in (old, new)))
    for kind, one, other in (("contexts", before.contexts, after.contexts), ("labels", before.labels, after.labels)):
        # one hash for all articles, empty if it was not recorded
        if one and other and one != other and before.articles.keys() == after.articles.keys():
            changes.append(RunDifference(kind, "", *_CHANGED))
    changes += _compare_signatures("verifier", {"": before.verifier}, {"": after.verifier})
    changes += _compare_signatures("scorers", before.scorers, after.scorers)
    changes += _compare_opponents(before, after)
    return tuple(changes)


def find_causes(before: Manifest, after: Manifest) -> tuple[RunDifference, ...]:
    """List the differences that may explain why numbers differ: prompts, models, code, seed, packages, machine."""

    def read_section(manifest: Manifest, key: str) -> Mapping[str, Any]:
        section = manifest.config.get(key)
        return section if isinstance(section, Mapping) else {}

    changes = list(_compare_values("prompts", read_section(before, "prompts"), read_section(after, "prompts")))
    models = (read_section(before, "models"), read_section(after, "models"))
    for old, new in (models, (before.models, after.models)):
        shared = [name for name in old if name in new]  # a model that only one run has is no changed option
        changes += _compare_values("models", *({name: side[name] for name in shared} for side in (old, new)))
    # the code is the only part of a system's signature that is recorded nowhere else
    old, new = (
        {system.name: parts_of(system.signature).get("code", "none") for system in manifest.systems}
        for manifest in (before, after)
    )
    changes += [
        RunDifference("systems", f"{name} code", old[name], new[name])
        for name in old
        if name in new and old[name] != new[name]
    ]
    if before.seed != after.seed:
        changes.append(RunDifference("seed", "", str(before.seed), str(after.seed)))
    for kind in ("packages", "git", "machine"):
        changes += _compare_values(kind, getattr(before, kind), getattr(after, kind))
    return tuple(dict.fromkeys(changes))


def _compare_hashes(kind: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[RunDifference]:
    """Compare hashes by article; yield the articles that were removed, added or changed."""
    removed = [name for name in before if name not in after]
    new = [name for name in after if name not in before]
    changed = [name for name in before if name in after and before[name] != after[name]]
    if removed:
        yield RunDifference(kind, fmt.shorten_list(removed, _NAMED), "", None)
    if new:
        yield RunDifference(kind, fmt.shorten_list(new, _NAMED), None, "")
    if changed:
        yield RunDifference(kind, ("" if kind == "articles" else "of ") + fmt.shorten_list(changed, _NAMED), *_CHANGED)


def _compare_opponents(before: Manifest, after: Manifest) -> Iterator[RunDifference]:
    """If the runs have different systems, list the scorers that compare all systems of a run with each other."""
    one, other = ([system.name for system in side.systems] for side in (before, after))
    if set(one) == set(other):
        return
    for name, signature in before.scorers.items():
        among_all = kind_of(signature) == "preference" and parts_of(signature).get("against") == "none"
        if among_all and name in after.scorers:
            yield RunDifference("scorers", f"{name}, compared systems", ", ".join(one), ", ".join(other))


def _compare_signatures(kind: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[RunDifference]:
    """Yield the names that only one run has. For shared names, yield differing kinds, or else differing parts."""
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
            yield RunDifference(kind, name, old.get(name), new.get(name))


def _flatten(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, Mapping) and value:
            yield from _flatten(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", "none" if value is None else "no options" if value == {} else str(value)
