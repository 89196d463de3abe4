"""Renders templates in a process of its own, which ``prompts.py`` starts: a template may ask for more time and memory
than there is.

A line of JSON in, ``{"source", "article"}``; a line out, ``{"text"}`` or ``{"error", "line"}``. It imports no harness.
"""

from __future__ import annotations

import json
import signal
import sys
import traceback
from functools import cache
from typing import Any

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

SECONDS = 2.0
"""That a template may take for an article."""
MEMORY = 1 << 30
"""Bytes that the process may have."""
MOST = 4_000_000
"""Characters of a prompt."""


# autoescape would write &quot; into what the model reads: a prompt is plain text, never HTML.
ENVIRONMENT = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False)


@cache
def compiled(source: str) -> Template:
    """The template of a text."""
    return ENVIRONMENT.from_string(source)


def rendered(source: str, article: dict[str, Any]) -> dict[str, Any]:
    """The text that a template gives for an article, or what went wrong on which line."""
    try:
        text = compiled(source).render(article=article)
    except MemoryError:
        return {"error": f"takes more than {MEMORY >> 20:,} MB", "line": None}
    except Exception as error:  # noqa: BLE001  # whatever a template does is its author's to mend
        lines = [each.lineno for each in traceback.extract_tb(error.__traceback__) if each.filename == "<template>"]
        words = str(error) if isinstance(error, TimeoutError) else f"{type(error).__name__}: {error}"
        return {"error": words, "line": lines[-1] if lines else getattr(error, "lineno", None)}
    if len(text) > MOST:
        return {"error": f"comes to {len(text):,} characters, {MOST:,} are allowed", "line": None}
    return {"text": text}


def _too_long(*_: object) -> None:
    raise TimeoutError(f"takes more than {SECONDS:g} seconds")


def main() -> None:
    """Answer until there is nothing more to read."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        signal.signal(signal.SIGALRM, _too_long)
    except (ImportError, ValueError, OSError):
        pass  # Windows: the parent's patience has to do
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends this process
    for line in sys.stdin:
        request = json.loads(line)
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        try:
            answer = rendered(request["source"], request["article"])
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
