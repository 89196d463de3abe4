"""HTML pages that open from disk: nothing is loaded, everything from outside is escaped, and nothing needs a script."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from harness.document import format as fmt
from harness.document import labels, roles
from harness.document.blocks import Block, Document, Heading
from harness.document.pictures import svg
from harness.document.plain import visible


def environment(package: str) -> Environment:
    """What renders the templates of a package and of this one.

    Everything is escaped, and a misspelt name is an error.
    """
    jinja = Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader("harness.document")]),
        autoescape=True,
        auto_reload=False,  # a page includes thousands of parts: each would look whether its file has changed
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja.globals |= {
        "ARROWS": fmt.ARROWS,
        "BY_PEOPLE": labels.BY_PEOPLE,
        "MARKS": labels.MARKS,
        "MISSING": fmt.MISSING,
        "ROLES": roles.TITLES,
        "all_probabilities": labels.all_probabilities,
        "broken": re.compile(r"(?<=[/_])(?=[^/_])").split,
        "kind": labels.kind,
        "headed": fmt.title,
        "parted": parted,
        "drawn": lambda picture: Markup(svg.inline(picture)),  # noqa: S704  # built and escaped by an XML library
        "plural": fmt.plural,
        "people": labels.people,
        "probability": labels.probability,
        "spread": labels.spread,
        "verifier": labels.verifier,
    }
    return jinja


def render(document: Document) -> str:
    """A document as a page that can be opened from disk."""
    jinja = environment("harness.document")
    return page(jinja, "document.html.j2", {"document": document, "style": style(jinja), "script": ""})


def parted(blocks: Iterable[Block]) -> Iterator[tuple[Heading | None, list[Block]]]:
    """The sections of a page: what stands before the first heading that has an anchor, then each with its blocks."""
    heading: Heading | None = None
    inner: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading) and block.anchor:
            if heading or inner:
                yield heading, inner
            heading, inner = block, []
        else:
            inner.append(block)
    if heading or inner:
        yield heading, inner


def page(environment: Environment, template: str, values: Mapping[str, Any]) -> str:
    """A page that can be opened from disk: its policy forbids styles and scripts but its own."""
    hashes = {f"{name}_hash": hashed(values[name]) for name in ("style", "script")}
    return environment.get_template(template).render(values, **hashes)


def style(environment: Environment, reach: Mapping[str, int] | None = None) -> str:
    """The style of a page. ``reach`` counts the systems, facts, claims and passages that have a rule each."""
    return environment.get_template("style.css.j2").render(reach=reach or {"s": 0, "f": 1, "k": 1, "v": 0})


def hashed(text: str) -> str:
    """The hash of a style or a script as a content security policy names it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _shown(value: object) -> object:
    """Text from outside without control characters; what is markup already, and what is undefined, as it is."""
    return visible(value) if type(value) is str else value
