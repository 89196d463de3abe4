"""Strings that, as markup, set ``window.ran``, ask evil.example or show 7006652, and a project full of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import viewing

from harness.data.runs.results import RunFolder
from harness.records import Check, Difference, Span, Summary

STRINGS = (
    "<script>window.ran=1</script>",
    "</script><script>window.ran=1</script>",
    '"><img src=x onerror="window.ran=1">',
    "<svg onload=window.ran=1><animate onbegin=window.ran=1 attributeName=x dur=1s></svg>",
    "<details open ontoggle=window.ran=1><summary>x</summary></details>",
    "<a href=javascript:window.ran=1 id=trap autofocus onfocus=window.ran=1>x</a>",
    "<style>@import url(http://evil.example/a.css);*{background:url(http://evil.example/b)}</style>",
    "</style></title></textarea></noscript>--><img src=http://evil.example/c>",
    '<iframe src="javascript:parent.ran=1"></iframe><base href="http://evil.example/">',
    '<meta http-equiv="refresh" content="0;url=http://evil.example/">',
    "' onmouseover='window.ran=1' style='position:fixed;inset:0' x='",
    '" onfocus="window.ran=1" autofocus tabindex="0" x="',
    "javascript:window.ran=1",
    "[x](javascript:window.ran=1) ![x](http://evil.example/d)",
    "{{ 1234*5678 }} {% include '/etc/passwd' %} ${1234*5678} #{1234*5678} {{ ''.__class__.__mro__ }}",
    "&lt;script&gt;window.ran=1&lt;/script&gt; &#60;script&#62;",
    "\u202egnp.exe\u202c \u2066hidden\u2069",
    "\x1b[31mred\x1b[0m \x1b]8;;http://evil.example\x07link\x1b]8;;\x07",
    "]]><![CDATA[<script>window.ran=1</script>",
)
ALL = " ".join(STRINGS)

NAME = "<img src=x onerror=window.ran=1>\"'{{1234*5678}}&lt;100%?run=1#x\u202e"
"""A valid file name."""
ID = '"onmouseover="window.ran=1"\'<svg\u2066{{1234*5678}}'
"""A valid fact id: no white space and no slashes."""


def make_project(folder: Path) -> Path:
    """A project of ``viewing`` with hostile texts; article ``bridge``, ``lead`` and ``small`` are named ``NAME``."""
    viewing.write_project(folder)
    _poison_article(folder / "references" / "bridge")
    (folder / "references" / "bridge").rename(folder / "references" / NAME)
    viewing.run(folder)
    _poison_run(RunFolder(folder / "results" / "small"))
    (folder / "results" / "small").rename(folder / "results" / NAME)
    return folder


def _poison_run(run: RunFolder) -> None:
    with run.summaries.rewrite() as write:
        write(_summaries(run.summaries))
    with run.checks.rewrite() as write_checks:
        write_checks(_checks(run.checks))
    with run.scores.rewrite() as write_scores:
        write_scores(
            replace(score, value=None, reason=ALL) if number % 2 else score for number, score in enumerate(run.scores)
        )
    path = run.path / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest |= {"name": ALL, "problems": [ALL], "notices": [ALL], "config_file": NAME, "verifier": f"lexical|{ALL}"}
    manifest |= {"overrides": [ALL], "scorers": manifest["scorers"] | {ALL: ALL}}
    manifest["systems"] = [system | {"signature": ALL} for system in manifest["systems"]]
    manifest |= {"machine": {NAME: ALL}, "packages": {ALL: ALL}, "git": {"commit": ALL}, "models": {NAME: {"a": ALL}}}
    path.write_text(json.dumps(manifest), "utf-8")
    for path in run.path.glob("*.json*"):
        path.write_text(path.read_text("utf-8").replace('"lead"', json.dumps(NAME)), "utf-8")


def _poison_article(folder: Path) -> None:
    """Put hostile text into the title, a new last paragraph, a reference, and a fact with its evidence there."""
    article = folder / "article.md"
    _, matter, body = article.read_text("utf-8").split("---\n", 2)
    matter = f"title: {json.dumps(ALL)}\nsource: {json.dumps(ALL)}\n"
    visible = ALL.replace("\x1b", "").replace("\x07", "")  # an article may hold no control characters
    article.write_text(f"---\n{matter}---\n{body.rstrip()}\n\n{visible}\n", "utf-8")
    reference = folder / "references" / "short.md"
    reference.write_text(f"---\nshape: {json.dumps(ALL)}\n---\n{visible}\n", "utf-8")
    fact = {
        "id": ID, "statement": ALL, "importance": "essential", "kind": "quote", "evidence": STRINGS[0],
        "accepted": [f"{ALL} accepted"], "contradictions": [f"{ALL} not"],
    }  # fmt: skip  # one fact
    with (folder / "facts.yaml").open("a", encoding="utf-8") as file:
        file.write("  - " + "    ".join(f"{key}: {json.dumps(value)}\n" for key, value in fact.items()))


def _summaries(summaries: Iterable[Summary]) -> Iterator[Summary]:
    for number, summary in enumerate(summaries):
        text = f"{summary.text} {ALL}" if number else None
        generation = replace(summary.generation, text=text, reason=None if text else ALL, cut=ALL)
        yield replace(summary, generation=generation)


def _checks(checks: Iterable[Check]) -> Iterator[Check]:
    for number, check in enumerate(checks):
        hypothesis = ALL if check.use == "grounding" else check.hypothesis
        differences = tuple(Difference("quote", text, Span(0, 5, text)) for text in STRINGS)
        differences += tuple(Difference("wording", text, None) for text in STRINGS)
        verdict = replace(
            check.verdict,
            label=("uncertain", "contradicted")[number % 2],
            reason=ALL,
            verifier=f"lexical|{ALL}",
            differences=differences,
        )
        yield replace(check, hypothesis=hypothesis, verdict=verdict)
