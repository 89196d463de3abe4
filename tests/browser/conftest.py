"""A real browser (Debian's chromium, driven by Playwright) and a real server.

Playwright comes with the extra ``dev`` and downloads no browser: ``apt-get install chromium``. Without chromium these
tests are skipped; in CI they fail instead.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from windows import Site

from harness.view import serve
from harness.view.context import Context
from harness.view.run_index import RunIndex

_INSTALL = "chromium is not installed: apt-get install chromium"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One chromium for all tests of the package."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(_INSTALL)
        pytest.skip(_INSTALL)
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture
def start_site(browser: Browser) -> Iterator[Callable[[Path], Site]]:
    """A function that starts a server on a project; servers end with the test."""
    ending: list[Callable[[], None]] = []

    def start(project: Path) -> Site:
        listening = serve.bind(serve.LOOPBACK, 0)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        context = Context(RunIndex(project / "results", (project / "references",)), patience=60)
        server = serve.make_server(context)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        site = Site(project, address, context, browser)

        def end() -> None:
            site.close()
            server.should_exit = True
            thread.join(10)

        ending.append(end)
        while not server.started:
            time.sleep(0.01)
        return site

    yield start
    for end in ending:
        end()


@pytest.fixture
def site(start_site: Callable[[Path], Site], project_copy: Path) -> Site:
    """A server on a copy of the project, which is also the working directory."""
    return start_site(project_copy)
