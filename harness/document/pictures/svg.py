"""A drawing as SVG that can stand in a page: drawn by matplotlib, with the page's colours and font.

The page's policy forbids inline styles, so each becomes the attribute of its name. Text stays text. The same drawing
always gives the same characters.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from functools import lru_cache
from xml.etree import ElementTree as Xml

from harness.document.pictures.drawing import TOOLTIP, VARIABLES, clean
from harness.document.pictures.picture import Drawing, Picture
from harness.document.plain import plain

_SVG = "http://www.w3.org/2000/svg"
_LINK = "{http://www.w3.org/1999/xlink}href"
_KEPT = frozenset({
    "fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray", "stroke-linecap",
    "stroke-linejoin", "opacity", "text-anchor", "font-size", "font-weight",
})  # fmt: skip  # a list
"""What of an inline style becomes an attribute; the font is the page's."""
_PIXELS = 115
"""Pixels of an inch: text in a picture is as large as text beside it, and the widest picture fills its column."""
_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_NO_TURN = re.compile(r"rotate\(-?0 [^)]*\)")


def inline(picture: Picture) -> str:
    """The SVG element with its text alternative; its ids begin with the picture's."""
    root = Xml.fromstring(_drawn(picture.drawing))  # noqa: S314  # matplotlib's own output
    root.attrib = {
        "viewBox": root.get("viewBox", ""),
        "width": f"{picture.drawing.size[0] * _PIXELS:.0f}",
        "role": "group",
        "aria-labelledby": f"{picture.id}-title",
        "aria-describedby": f"{picture.id}-desc",
        "stroke-linejoin": "round",
    }
    _bare(root)
    _named(root, picture.id)
    for place, (name, text) in enumerate((("title", picture.title), ("desc", picture.caption))):
        alternative = Xml.Element(name, {"id": f"{picture.id}-{name}"})
        alternative.text = clean(plain(text))
        root.insert(place, alternative)
    return Xml.tostring(root, encoding="unicode")


@lru_cache(maxsize=64)
def _drawn(drawing: Drawing) -> bytes:
    """What matplotlib writes."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    written = io.BytesIO()
    settings = rc_context(
        {
            "svg.fonttype": "none",  # text as text
            "text.parse_math": False,  # names from outside may hold a dollar sign
            "font.size": 10,
            "axes.spines.top": False,
            "axes.spines.right": False,
        }
    )
    with settings, warnings.catch_warnings():
        # The page's font is not matplotlib's: that its own lacks a glyph is of no account.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=drawing.size)
        drawing.draw(figure)
        figure.savefig(written, format="svg", metadata={"Date": None})
    return written.getvalue()


def _bare(parent: Xml.Element) -> None:
    """Leave out what is not drawn, and turn inline styles into attributes."""
    for child in list(parent):
        child.tag = child.tag.removeprefix(f"{{{_SVG}}}")
        if child.tag in ("metadata", "style") or child.get("style") == "fill: none; opacity: 0":
            parent.remove(child)
            continue
        child.tail = None
        if child.tag == "text":
            child.set("aria-hidden", "true")
        else:
            child.text = None
        child.attrib = dict(_attributes(child))
        _bare(child)
        if child.tag in ("g", "defs") and not len(child):
            parent.remove(child)
    parent.tag = parent.tag.removeprefix(f"{{{_SVG}}}")


def _attributes(element: Xml.Element) -> Iterator[tuple[str, str]]:
    for name, value in element.attrib.items():
        if name == "style":
            declared = (each.partition(":")[::2] for each in value.split(";"))
            yield from ((key.strip(), _coloured(given.strip())) for key, given in declared if key.strip() in _KEPT)
        elif name == "transform":
            turned = _NO_TURN.sub("", value).strip()
            yield from [(name, _rounded(turned))] if turned else ()
        else:
            yield ("href" if name == _LINK else name), _rounded(value) if name in ("d", "x", "y") else value


def _coloured(value: str) -> str:
    return f"var({VARIABLES[value]})" if value in VARIABLES else value.removesuffix("px")


def _rounded(value: str) -> str:
    return " ".join(_NUMBER.sub(lambda found: f"{float(found.group()):.1f}", value).split())


def _named(root: Xml.Element, prefix: str) -> None:
    """Ids that nothing refers to go; the others are numbered in the order of the document, so they are the same each
    time and no other picture's."""
    referred = re.compile(r"#([\w.-]+)")
    used = {name for element in root.iter() for value in element.attrib.values() for name in referred.findall(value)}
    names: dict[str, str] = {}
    tooltips: list[tuple[Xml.Element, str]] = []
    for element in root.iter():
        given = element.attrib.pop("id", "")
        if given.startswith(TOOLTIP):
            tooltips.append((element, given.removeprefix(TOOLTIP)))
        elif given in used:
            names[given] = f"{prefix}-{len(names)}"
            element.set("id", names[given])
    for element in root.iter():
        for key, value in element.attrib.items():
            if "#" in value:
                element.set(key, referred.sub(lambda found: f"#{names[found.group(1)]}", value))
    for element, text in tooltips:
        element.attrib |= {"role": "img", "aria-label": text}
        name = Xml.Element("title")
        name.text = text
        element.insert(0, name)
