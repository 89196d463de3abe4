"""What was run and how: the head and the foot of every report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.document import format as fmt
from harness.records import Manifest, Results, Stage
from harness.report import words
from harness.report.tally import Counts
from harness.report.trust import Trust, trust


@dataclass(frozen=True, slots=True)
class Run:
    """The run in words."""

    title: str
    line: str
    """Config, size and date, on one line."""
    banner: str | None
    """Set where the report does not show all that was planned."""
    problems: tuple[str, ...]
    """What failed, and what else a reader should know."""
    trust: Trust
    """Who gave the verdicts, and how far they can be believed."""
    provenance: tuple[tuple[str, Mapping[str, str]], ...]
    """What it takes to repeat the run: heading → names and values."""


_LISTED = 200
"""Articles whose hashes are listed; the manifest has all of them."""


def run(results: Results, counts: Counts) -> Run:
    """The head and the foot of the report of these results, whose verdicts come to these counts."""
    manifest = results.manifest
    systems, articles = fmt.plural(len(manifest.systems), "system"), fmt.plural(len(results.items), "article")
    config = " with ".join(filter(None, [manifest.config_file, ", ".join(manifest.overrides)]))
    if manifest.judged_by:
        config += words.scored_again(manifest.judged_by)
    return Run(
        title=manifest.name,
        line=f"{config} · {systems} × {articles} · {fmt.moment(manifest.started)}",
        banner=words.PARTIAL.get(manifest.status),
        problems=(*manifest.problems, *manifest.notices),
        trust=trust(results, counts.verifiers, people=counts.people if counts.people == counts.judged else 0),
        provenance=tuple((heading, values) for heading, values in _provenance(manifest) if values),
    )


def _provenance(manifest: Manifest) -> list[tuple[str, Mapping[str, str]]]:
    return [
        ("Run", _run_facts(manifest)),
        ("Stages", {stage.name: _stage(stage) for stage in manifest.stages}),
        ("Systems", {system.name: system.signature for system in manifest.systems}),
        ("Models", {name: _joined(values) for name, values in manifest.models.items()}),
        ("Verifier", {"signature": manifest.verifier} if manifest.verifier else {}),
        ("Scorers", manifest.scorers),
        ("Articles", _data(manifest)),
        ("Machine", manifest.machine),
        ("Packages", manifest.packages),
        ("Git", manifest.git),
    ]


def _run_facts(manifest: Manifest) -> dict[str, str]:
    return {
        "config": manifest.config_file,
        "status": manifest.status,
        "started": fmt.moment(manifest.started),
        "finished": fmt.moment(manifest.finished) if manifest.finished else fmt.MISSING,
        "seed": str(manifest.seed),
    }


def _stage(stage: Stage) -> str:
    counts = [(stage.made, "made"), (stage.cached, "from the cache"), (stage.kept, "kept"), (stage.failed, "failed")]
    done = ", ".join(f"{fmt.count(number)} {word}" for number, word in counts if number)
    return f"{done or 'nothing to do'}; {fmt.seconds(stage.seconds)}"


def _data(manifest: Manifest) -> dict[str, str]:
    kinds = {"text": manifest.articles, "references": manifest.references, "facts": manifest.facts}
    shown = list(manifest.articles)[:_LISTED]
    rest = len(manifest.articles) - len(shown)
    return {
        article: _joined({kind: of[article] for kind, of in kinds.items() if article in of}) for article in shown
    } | ({"and so on": words.more_hashes(rest, "manifest.json")} if rest else {})


def _joined(values: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())
