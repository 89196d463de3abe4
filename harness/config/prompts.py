"""Prompts: Jinja2 templates in a sandbox, over the article's fields.

A template sees one name, ``article``, with the fields ``text``, ``body``, ``title``, ``id``, ``language``, ``date``
and ``source``. A misspelt field is found before anything runs.

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
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Literal

from jinja2 import TemplateError, nodes
from pydantic import BaseModel, ConfigDict

from harness.config.render_child import ENVIRONMENT, SECONDS, rendered
from harness.errors import ConfigError
from harness.files import show
from harness.records import Article, Message
from harness.seams import FilePath

FIELDS = ("text", "body", "title", "id", "language", "date", "source")

_PLAIN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.If, nodes.Const, nodes.Compare,
    nodes.Operand, nodes.Not, nodes.And, nodes.Or, nodes.Filter, nodes.CondExpr,
)  # fmt: skip  # one list
_FILTERS = frozenset({"trim", "upper", "lower", "title", "capitalize", "length", "count", "default", "d", "wordcount"})
_PATIENCE = SECONDS + 3
"""Seconds after which a process that does not answer is ended: it is busy in one step that nothing interrupts."""


class Prompt(BaseModel):
    """What a generative model is asked: a template, inline or in a file, and what stands before it."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    template: str | None = None
    """The user message, as a Jinja2 template over ``article``."""
    file: FilePath | None = None
    """A file that holds the template."""
    system_message: str | None = None
    """The system message of the chat, also a template."""


def messages(prompt: Prompt, article: Article) -> tuple[Message, ...]:
    """The chat messages of a prompt for an article. ``prompt.template`` is set: run_config.py has read the file.

    ConfigError, with the line of the template, where it cannot be rendered within the limits of time and size.
    """
    view = {name: getattr(article, name) or "" for name in FIELDS}  # an unknown date is no word of a prompt
    turns: tuple[tuple[Literal["system", "user"], str | None, str], ...] = (
        ("system", prompt.system_message, "its system_message"),
        ("user", prompt.template, show(prompt.file) if prompt.file else "its template"),
    )
    return tuple(Message(role, _render(source, view, name)) for role, source, name in turns if source is not None)


def uses_article(prompt: Prompt) -> bool:
    """Whether anything of the article stands in a prompt: else each article is asked the same."""
    sources = [source for source in (prompt.template, prompt.system_message) if source is not None]
    return any(name.name == "article" for source in sources for name in ENVIRONMENT.parse(source).find_all(nodes.Name))


def faults(source: str) -> Iterator[tuple[int, str]]:
    """(line within the template, what is wrong) for everything that can be seen without rendering it."""
    try:
        tree = ENVIRONMENT.parse(source)
    except TemplateError as error:
        yield getattr(error, "lineno", 1), f"is not a valid Jinja2 template: {error.message}"
        return
    except RecursionError:
        yield 1, "is not a valid Jinja2 template: it is nested too deeply"
        return
    for used in tree.find_all((nodes.Filter, nodes.Test)):  # not by compiling it, which computes what is constant
        names: Collection[str] = ENVIRONMENT.filters if isinstance(used, nodes.Filter) else ENVIRONMENT.tests
        if used.name not in names:
            what = type(used).__name__.lower()
            yield used.lineno, f"is not a valid Jinja2 template: No {what} named {used.name!r}."
    local = {node.name for node in tree.find_all(nodes.Name) if node.ctx in ("store", "param")}
    local |= {macro.name for macro in tree.find_all(nodes.Macro)}
    for name in tree.find_all(nodes.Name):
        if name.ctx == "load" and name.name not in local | {"article", "loop"} | set(ENVIRONMENT.globals):
            yield name.lineno, f"names {name.name!r}, which is not there; a template sees 'article' alone"
    for other in tree.find_all((nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)):
        yield other.lineno, "takes in another template, and each stands alone here; write the other's text in its place"
    for line, field in _fields(tree):
        if field not in FIELDS:
            near = get_close_matches(field, FIELDS, n=1)
            hint = f"; did you mean article.{near[0]}?" if near else ""
            yield line, f"names article.{field}, which is not there{hint} (fields: {', '.join(FIELDS)})"


def _fields(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """(line, name) of each field of the article that a template names: ``article.title`` or ``article["title"]``."""
    article = nodes.Name("article", "load")
    for attribute in tree.find_all(nodes.Getattr):
        if attribute.node == article:
            yield attribute.lineno, attribute.attr
    for item in tree.find_all(nodes.Getitem):
        if item.node == article and isinstance(item.arg, nodes.Const) and isinstance(item.arg.value, str):
            yield item.lineno, item.arg.value


def _render(source: str, article: dict[str, Any], name: str) -> str:
    """The text that a template gives for an article; ConfigError, with its name, where there is none within the
    limits."""
    answer = rendered(source, article) if _is_plain(source) else _CHILD.ask(source, article)
    if "error" in answer:
        where = "" if answer["line"] is None else f", line {answer['line']}"
        raise ConfigError(f"{name} cannot be rendered for article {article['id']}{where}: {answer['error']}")
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
            except BaseException:  # an answer that comes yet would be taken for that of the next template
                self.end()
                raise
            if line:
                answer: dict[str, Any] = json.loads(line)
                return answer
            self.end()
            return {"error": f"takes more than {SECONDS:g} seconds, or more memory than a prompt may", "line": None}

    def end(self) -> None:
        """Let the process go; the next template gets another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

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
