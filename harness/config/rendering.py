"""Rendering templates within limits of time and size.

A template that only puts fields in their places is rendered here; one that loops, calls or computes is rendered in a
process of its own, which is ended where it takes too long.
"""

from __future__ import annotations

import atexit
import json
import select
import subprocess
import sys
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import nodes

from harness.config.render_child import ENVIRONMENT, SECONDS, rendered

_PLAIN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.If, nodes.Const, nodes.Compare,
    nodes.Operand, nodes.Not, nodes.And, nodes.Or, nodes.Filter, nodes.CondExpr,
)  # fmt: skip  # one list
_FILTERS = frozenset({"trim", "upper", "lower", "title", "capitalize", "length", "count", "default", "d", "wordcount"})
_PATIENCE = SECONDS + 3
"""Seconds after which a process that does not answer is ended: it is busy in one step that nothing interrupts."""


class RenderingError(Exception):
    """A template that cannot be rendered; ``line`` is 1-based within it, None where that is not known."""

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.line = line


def render(source: str, article: Mapping[str, Any]) -> str:
    """The text that a template gives for an article; RenderingError where there is none within the limits."""
    answer = rendered(source, dict(article)) if _is_plain(source) else _CHILD.ask(source, article)
    if "error" in answer:
        raise RenderingError(answer["error"], answer["line"])
    text: str = answer["text"]
    return text


@cache
def _is_plain(source: str) -> bool:
    """Whether nothing in a template can take longer than its text, and the article, is long."""
    return all(
        isinstance(node, _PLAIN) and (not isinstance(node, nodes.Filter) or node.name in _FILTERS)
        for node in ENVIRONMENT.parse(source).find_all(nodes.Node)
    )


class _Child:
    """The process that renders, started when it is first needed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

    def ask(self, source: str, article: Mapping[str, Any]) -> dict[str, Any]:
        with self._lock:
            process = self._started()
            assert process.stdin is not None  # noqa: S101  # asked for below
            assert process.stdout is not None  # noqa: S101  # asked for below
            try:
                process.stdin.write(json.dumps({"source": source, "article": article}) + "\n")
                process.stdin.flush()
                readable, _, _ = select.select([process.stdout], [], [], _PATIENCE)
                line = process.stdout.readline() if readable else ""
            except OSError:
                line = ""
            if line:
                answer: dict[str, Any] = json.loads(line)
                return answer
            self.end()
            return {"error": f"takes more than {SECONDS:g} seconds, or more memory than a prompt may", "line": None}

    def end(self) -> None:
        """Let the process go; the next template gets another."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            command = [sys.executable, "-P", str(Path(__file__).with_name("render_child.py"))]
            self._process = subprocess.Popen(  # noqa: S603  # this interpreter, and a file of ours
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                encoding="utf-8",
            )  # fmt: skip  # one call
            atexit.register(self.end)
        return self._process


_CHILD = _Child()
