"""Prompts: Jinja2 templates in a sandbox, over the article's fields.

A template sees one name, ``article``, with the fields ``text``, ``body``, ``title``, ``id``, ``language``, ``date``
and ``source``. A misspelt field is found before anything runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache

from jinja2 import StrictUndefined, Template, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict

from harness.errors import ConfigError
from harness.records import Article, Message
from harness.seams import FilePath

FIELDS = ("text", "body", "title", "id", "language", "date", "source")

# autoescape would write &quot; into what the model reads: a prompt is plain text, never HTML.
_ENVIRONMENT = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False)


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
    """The chat messages of a prompt for an article. ``prompt.template`` is set: run_config.py has read the file."""
    view = {name: getattr(article, name) for name in FIELDS}
    turns = (("system", prompt.system_message), ("user", prompt.template))
    try:
        return tuple(
            Message(role, _compiled(source).render(article=view))  # type: ignore[arg-type]  # roles as above
            for role, source in turns
            if source is not None
        )
    except TemplateError as error:
        raise ConfigError(f"a prompt cannot be rendered for article {article.id}: {error.message}") from None


def faults(source: str) -> Iterator[tuple[int, str]]:
    """(line within the template, what is wrong) for everything that can be seen without rendering it."""
    try:
        tree = _ENVIRONMENT.parse(source)
        _ENVIRONMENT.from_string(source)
    except TemplateError as error:
        yield getattr(error, "lineno", 1), f"is not a valid Jinja2 template: {error.message}"
        return
    local = {node.name for node in tree.find_all(nodes.Name) if node.ctx in ("store", "param")}
    for name in tree.find_all(nodes.Name):
        if name.ctx == "load" and name.name not in local | {"article", "loop"} | set(_ENVIRONMENT.globals):
            yield name.lineno, f"names {name.name!r}, which is not there; a template sees 'article' alone"
    for field in tree.find_all(nodes.Getattr):
        if isinstance(field.node, nodes.Name) and field.node.name == "article" and field.attr not in FIELDS:
            near = get_close_matches(field.attr, FIELDS, n=1)
            hint = f"; did you mean article.{near[0]}?" if near else ""
            yield field.lineno, f"names article.{field.attr}, which is not there{hint} (fields: {', '.join(FIELDS)})"


@cache
def _compiled(source: str) -> Template:
    return _ENVIRONMENT.from_string(source)
