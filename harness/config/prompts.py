"""Prompts: Jinja2 templates in a sandbox, with the article's fields and nothing else.

A template has one variable, ``article``, with the fields in ``FIELDS``. harness reports unknown fields, variables and
filters before anything runs. The sandbox protects Python objects and limits the length of the prompt, but not the
running time; read a stranger's config before you run it.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from harness.data.validation import suggest_name
from harness.errors import ConfigError, first_line
from harness.files import show
from harness.records import Article, Message
from harness.seams import FilePath

if TYPE_CHECKING:
    from jinja2 import Environment, Template, nodes

FIELDS = ("text", "body", "title", "id", "language", "date", "source")
MAX_PROMPT = 4_000_000
"""Maximum number of characters in a rendered prompt."""


class Prompt(BaseModel):
    """A prompt for generative models: a template, inline or in a file, and an optional system message."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    template: str | None = None
    """The user message, as a Jinja2 template over `article`."""
    file: FilePath | None = None
    """A file that holds the template."""
    system_message: str | None = None
    """The system message of the chat, also a template."""


def render_messages(prompt: Prompt, article: Article) -> tuple[Message, ...]:
    """Render a prompt's chat messages for an article; ``template`` must already hold the text of ``file``.

    Raises ConfigError, with the line of the template, if rendering fails.
    """
    fields = {name: getattr(article, name) or "" for name in FIELDS}  # an unknown date is empty, not "None"
    template = _render(prompt.template or "", fields, show(prompt.file) if prompt.file else "its template")
    if prompt.system_message is None:
        return (Message("user", template),)
    return (Message("system", _render(prompt.system_message, fields, "its system_message")), Message("user", template))


def uses_article(prompt: Prompt) -> bool:
    """True if a prompt mentions the article; otherwise every article gets the same prompt."""
    from jinja2 import nodes

    sources = (prompt.template or "", prompt.system_message or "")
    return any(name.name == "article" for source in sources for name in _sandbox().parse(source).find_all(nodes.Name))


def find_faults(source: str) -> Iterator[tuple[int, str]]:
    """Yield (line, message) for each fault in a template that can be found without rendering it."""
    from jinja2 import TemplateError

    try:
        yield from _find_unknown_names(_sandbox().parse(source))
    except TemplateError as error:
        yield getattr(error, "lineno", 1), f"is not a valid Jinja2 template: {error.message}"
    except RecursionError:
        yield 1, "is not a valid Jinja2 template: expressions are nested too deeply"


def _find_unknown_names(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    from jinja2 import meta, nodes

    for unknown in sorted(meta.find_undeclared_variables(tree) - {"article", *_sandbox().globals}):
        names = tree.find_all((nodes.Name, nodes.NSRef))  # NSRef: the name in {% set name.field = … %}
        line = next(each.lineno for each in names if getattr(each, "name", "") == unknown)
        yield line, f"unknown variable {unknown!r}; the only variable is 'article'"
    article = nodes.Name("article", "load")
    for printed in (each for output in tree.find_all(nodes.Output) for each in output.nodes if each == article):
        yield printed.lineno, "article has several fields; write one of them, e.g. article.text"
    accesses: Iterator[Any] = tree.find_all((nodes.Getattr, nodes.Getitem))  # article.title or article["title"]
    for used in accesses:
        field = used.attr if isinstance(used, nodes.Getattr) else getattr(used.arg, "value", None)
        if used.node == article and isinstance(field, str) and field not in FIELDS:
            yield used.lineno, f"unknown field article.{field}; {suggest_name(field, FIELDS)}"


def _render(source: str, fields: Mapping[str, str], name: str) -> str:
    parts: list[str] = []
    length = 0
    try:
        for part in _compile(source).generate(article=fields):
            length += len(part)
            if length > MAX_PROMPT:
                raise ValueError(
                    f"the prompt is longer than {MAX_PROMPT:,} characters; shorten the template or the article"
                )
            parts.append(part)
        text = "".join(parts)
        text.encode()  # fails on a lone surrogate, which cannot be sent or stored
    except Exception as error:  # noqa: BLE001  # a template may raise anything
        lines = [each.lineno for each in traceback.extract_tb(error.__traceback__) if each.filename == "<template>"]
        where = f", line {lines[-1]}" if lines else ""
        why = f"{type(error).__name__}: {first_line(error)}"
        raise ConfigError(f"{name} cannot be rendered for article {fields['id']}{where}: {why}") from None
    return text


@cache
def _compile(source: str) -> Template:
    return _sandbox().from_string(source)


@cache
def _sandbox() -> Environment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    # No autoescape, because it would write &quot; into the text that the model reads.
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
