"""Hostile strings do nothing in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import hostile
import pytest
from windows import Site

from harness.view.context import link

pytestmark = pytest.mark.slow


def test_hostile_strings_do_not_run_on_any_linked_page(
    start_site: Callable[[Path], Site], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Follow every link from the list of runs, and use the mouse and the Tab key on each page."""
    site = start_site(hostile.make_project(tmp_path))
    monkeypatch.chdir(tmp_path)
    window = site.window()
    open_, seen = ["/", "/compare?run=" + link(hostile.NAME).removeprefix("/")], set[str]()
    while open_:
        path = open_.pop()
        if path in seen:
            continue
        seen.add(path)
        page = window.visit(path).page
        for _ in range(8):
            page.keyboard.press("Tab")
        page.mouse.move(300, 200)
        page.mouse.move(300, 600)
        assert page.url == site.address + ("/" if path == "/compare" else path), "without runs, Compare is the list"
        assert page.evaluate("window.ran") is None, path
        assert page.evaluate("document.querySelectorAll('img, iframe, base, object, [onload], [style]').length") == 0
        assert window.alarms == [], path
        found = page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.href)")
        assert not [address for address in found if not address.startswith((site.address, "data:"))]
        open_ += {address.removeprefix(site.address).partition("#")[0].partition("?")[0] for address in found}
    assert link("runs", hostile.NAME) + "/" in seen
    assert link("articles", hostile.NAME) in seen
    assert len(seen) > 6
