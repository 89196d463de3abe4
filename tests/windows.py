"""Windows of a real browser onto a real server; they record what should not happen in them."""

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
    """A page of the browser, and what it should not do."""

    page: Page
    address: str
    """Of the server, without a slash at its end."""
    alarms: list[str] = field(default_factory=list)
    """Dialogs, errors of scripts, refusals by the policy, requests to anywhere but the server."""

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        self.page.on("dialog", self._dialog)
        self.page.on("pageerror", lambda error: self.alarms.append(f"error: {error}"))
        self.page.on("console", self._console)
        self.page.on("request", self._request)

    def visit(self, path: str) -> Window:
        self.page.goto(self.address + path)
        return self

    def serious(self) -> list[str]:
        """What axe-core finds serious or critical on the page."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{violation['id']}: {node['html'][:200]}"
            for violation in found
            if violation["impact"] in ("serious", "critical")
            for node in violation["nodes"]
        ]

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
class Served:
    """A project, a server over it, and windows onto it."""

    project: Path
    address: str
    context: Context
    _browser: Browser
    _windows: list[Window] = field(default_factory=list)

    def window(self, width: int = 1280, **options: Any) -> Window:
        """Another person's browser: nothing is shared with the other windows."""
        options = {"viewport": {"width": width, "height": 900}, **options}
        context = self._browser.new_context(**options)
        port = self.address.rpartition(":")[2]
        context.add_cookies([{"name": f"harness-view-{port}", "value": self.context.login, "url": self.address}])
        window = Window(context.new_page(), self.address)
        self._windows.append(window)
        return window

    def close(self) -> None:
        for window in self._windows:
            window.page.context.close()
