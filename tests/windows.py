"""Windows of a real browser, which record errors, dialogs and foreign requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from harness.view.context import Context

PATIENCE = 240_000
"""Milliseconds. A busy machine may load a parser for half a minute before it answers."""

expect.set_options(timeout=PATIENCE)


@dataclass
class Window:
    """A page of the browser, and its alarms."""

    page: Page
    address: str
    """The server's address, without a trailing slash."""
    alarms: list[str] = field(default_factory=list)
    """Dialogs, script errors, policy violations and requests to other servers."""

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        self.page.on("dialog", self._dialog)
        self.page.on("pageerror", lambda error: self.alarms.append(f"error: {error}"))
        self.page.on("console", self._console)
        self.page.on("request", self._request)

    def visit(self, path: str) -> Window:
        self.page.goto(self.address + path)
        return self

    def find_violations(self) -> list[str]:
        """The serious and critical violations that axe-core finds on the page."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{violation['id']}: {node['html'][:200]}"
            for violation in found
            if violation["impact"] in ("serious", "critical")
            for node in violation["nodes"]
        ]

    def require_accessible(self) -> None:
        """Require no serious violation in light and dark mode, nothing wider than the window, and no alarms."""
        for scheme in ("light", "dark"):
            # without motion, because colours have less contrast while they fade
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert self.find_violations() == []
        for width in (1400, 800, 390):
            self.page.set_viewport_size({"width": width, "height": 900})
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width
        assert self.alarms == []

    def _dialog(self, dialog: Any) -> None:
        self.alarms.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _console(self, message: Any) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.alarms.append(f"console: {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.alarms.append(f"request: {request.url}")


@dataclass
class Site:
    """A project, its server and its browser windows."""

    project: Path
    address: str
    context: Context
    _browser: Browser
    _windows: list[Window] = field(default_factory=list)

    def window(self) -> Window:
        """A new browser context, which shares nothing with other windows."""
        context = self._browser.new_context(viewport={"width": 1280, "height": 900})
        port = self.address.rpartition(":")[2]
        context.add_cookies([{"name": f"harness-view-{port}", "value": self.context.login, "url": self.address}])
        window = Window(context.new_page(), self.address)
        self._windows.append(window)
        return window

    def close(self) -> None:
        for window in self._windows:
            window.page.context.close()
