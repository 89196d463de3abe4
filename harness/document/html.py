"""Render HTML pages that open from disk: they load nothing, escape all text from outside, and need no script."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from harness.document import format as fmt
from harness.document import labels
from harness.document.blocks import Block, Document, Heading
from harness.document.format import visible
from harness.document.plot import SIGNS, lay_out


def make_environment(package: str) -> Environment:
    """Load the templates of a package and of this package. All values are escaped; a misspelt name is an error."""
    jinja = Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader("harness.document")]),
        autoescape=True,
        auto_reload=False,  # a page includes thousands of parts, and each would check its file for changes
        undefined=StrictUndefined,
        finalize=lambda value: visible(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja.globals |= {
        "ARROWS": fmt.ARROWS,
        "KEYS": labels.KEYS,
        "MARKS": labels.MARKS,
        "MISSING": fmt.MISSING,
        "ROLES": labels.ROLES,
        "SIGNS": SIGNS,
        "is_fragment": False,
        "lay_out": lay_out,
        "format_probabilities": labels.format_probabilities,
        "split_ranges": re.compile(r"([\d.,]+–[\d.,]+)").split,
        "break_name": re.compile(r"(?<=[/_])(?=[^/_])").split,
        "format_kind": labels.format_kind,
        "title_of": fmt.title,
        "split_sections": split_sections,
        "plural": fmt.plural,
        "name_article": labels.name_article,
        "name_annotators": labels.name_annotators,
        "name_label": labels.name_label,
        "format_probability": labels.format_probability,
        "format_counts": labels.format_counts,
        "name_verifier": labels.name_verifier,
    }
    return jinja


def render(document: Document) -> str:
    return render_page(make_environment("harness.document"), "document.html.j2", {"document": document})


def render_fragment(blocks: Iterable[Block]) -> str:
    """Render blocks to embed in another page: no style, no links and no ids."""
    jinja = make_environment("harness.document")
    jinja.globals["is_fragment"] = True
    module: Any = jinja.get_template("_blocks.html.j2").module
    return str(module.show(blocks))


def split_sections(blocks: Iterable[Block]) -> Iterator[tuple[Heading | None, list[Block]]]:
    """Split blocks into sections at headings with an anchor; blocks before the first one have no heading."""
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


def render_page(environment: Environment, template: str, values: Mapping[str, Any]) -> str:
    """Render a page that can be opened from disk. Its security policy allows only its own style and script."""
    parts = {"style": environment.get_template("style.css.j2").render(), "script": "", **values}
    hashes = {
        f"{name}_hash": f"sha256-{base64.b64encode(hashlib.sha256(parts[name].encode()).digest()).decode()}"
        for name in ("style", "script")
    }
    return environment.get_template(template).render(parts, **hashes)
