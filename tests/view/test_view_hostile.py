"""Untrusted text stays text on every page of the app."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import hostile
import pytest
from report_page import Element, parse
from viewing import Viewer, open_viewer

from harness.view.context import link

RUN, ARTICLE = link("runs", hostile.NAME), link("articles", hostile.NAME)
QUOTED = RUN.removeprefix("/runs/")
PAGES = [
    "/",
    f"{RUN}/",
    link("runs", hostile.NAME, "articles", hostile.NAME),
    "/articles",
    ARTICLE,
    f"{ARTICLE}?suggest=1",
    f"{ARTICLE}?{urlencode(dict.fromkeys(('statement', 'evidence', 'contradictions'), hostile.STRINGS[0]))}",
    link("articles", hostile.NAME, "facts", hostile.ID),
    f"/compare?run={QUOTED}",
    f"/nothing/{hostile.NAME}",
    f"{RUN}/judge",
    "/review",
    "/search?q=window",
    f"{RUN}/agreement",
    f"/articles?run={QUOTED}",
]


@pytest.fixture(scope="module")
def hostile_viewer(tmp_path_factory: pytest.TempPathFactory) -> Viewer:
    viewer = open_viewer(hostile.make_project(tmp_path_factory.mktemp("hostile")))
    viewer.post(f"{RUN}/judge", annotator=hostile.STRINGS[0])
    return viewer


def find_visible_text(tree: Element) -> str:
    """The text outside scripts and styles."""
    elements = [element for element in tree.all() if element.tag not in ("script", "style")]
    return "".join(child for element in elements for child in element.children if isinstance(child, str))


@pytest.mark.parametrize("path", PAGES)
def test_hostile_text_becomes_no_element_attribute_or_address(hostile_viewer: Viewer, path: str) -> None:
    response = hostile_viewer.get(path)
    assert response.status_code in (200, 404)
    tree = parse(response.text)
    assert {"img", "iframe", "base", "animate", "object", "embed"}.isdisjoint(element.tag for element in tree.all())
    for element in tree.all():
        attributes = element.attributes
        assert not [name for name in attributes if name.startswith("on") or name == "style"], attributes
        for name in ("href", "src", "action", "formaction"):
            assert re.match(r"$|[/#.?](?!/)|data:,$", attributes.get(name, "")), attributes
        if element.tag in ("script", "style"):
            assert attributes["nonce"] in response.headers["content-security-policy"]
        assert "http-equiv" not in attributes
    assert "7006652" not in find_visible_text(tree)


@pytest.mark.parametrize("path", PAGES)
def test_control_characters_are_escaped(hostile_viewer: Viewer, path: str) -> None:
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", hostile_viewer.get(path).text)


def test_pages_contain_the_hostile_text(hostile_viewer: Viewer) -> None:
    """Otherwise the tests above would prove nothing."""
    for path in PAGES[1:3] + PAGES[4:7]:
        text = find_visible_text(parse(hostile_viewer.get(path).text))
        assert "<script>window.ran=1</script>" in text, path
    assert "<img src=x onerror=window.ran=1>" in find_visible_text(parse(hostile_viewer.get("/").text))
