"""Prompts: Jinja2 templates in a sandbox, over the article's fields.

A template sees one name, ``article``, with the fields ``text``, ``body``, ``title``, ``id``, ``language``, ``date``
and ``source``. A misspelt field is found before anything runs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Literal

from jinja2 import TemplateError, nodes
from pydantic import BaseModel, ConfigDict

from harness.config.render_child import ENVIRONMENT
from harness.config.rendering import RenderingError, render
from harness.errors import ConfigError
from harness.records import Article, Message
from harness.seams import FilePath

FIELDS = ("text", "body", "title", "id", "language", "date", "source")


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
    view = {name: getattr(article, name) for name in FIELDS}
    turns: tuple[tuple[Literal["system", "user"], str | None], ...]
    turns = (("system", prompt.system_message), ("user", prompt.template))
    try:
        return tuple(Message(role, render(source, view)) for role, source in turns if source is not None)
    except RenderingError as error:
        where = "" if error.line is None else f", line {error.line} of its template"
        raise ConfigError(f"a prompt cannot be rendered for article {article.id}{where}: {error}") from None


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
    for field in tree.find_all(nodes.Getattr):
        if isinstance(field.node, nodes.Name) and field.node.name == "article" and field.attr not in FIELDS:
            near = get_close_matches(field.attr, FIELDS, n=1)
            hint = f"; did you mean article.{near[0]}?" if near else ""
            yield field.lineno, f"names article.{field.attr}, which is not there{hint} (fields: {', '.join(FIELDS)})"
