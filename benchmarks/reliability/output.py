"""Hostile text in a real browser and on a real terminal: nothing is executed, no byte steers anything."""

from __future__ import annotations

import os
import pty
import re
import shutil
import sys
import threading
import time
from pathlib import Path

import hostile
from hostile import NAME

from benchmarks.reliability.tally import Tally
from harness.view import serve
from harness.view.context import Context

_OWN = re.compile(rb"\x1b\[[0-9;]*[mKA]|\x1b\[\?25[lh]")
"""Colours, and how a bar is drawn over, which rich writes of its own accord."""
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]")


def terminal(folder: Path, until: float) -> Tally:
    """Commands over a project whose names and texts are hostile, on a terminal of their own."""
    tally = Tally("hostile text on a terminal")
    project = hostile.make_project(folder)
    steering = "\x1b]0;owned\x07\x1b[2J\u202e"
    commands = [
        ["compare", f"results/{NAME}", "--by", "system"],
        ["compare", f"results/{NAME}", "--by", "system", "--format", "md"],
        ["agreement", f"results/{NAME}"],
        ["ls"],
        ["score", f"results/{NAME}"],
        ["doctor", f"results/{NAME}"],
        ["facts", "list", NAME],
        ["facts", "lint", NAME],
        ["facts", "show", NAME, hostile.ID],
        ["articles", "check", "references"],
        ["articles", "stats", "references"],
        ["run", steering],
        ["validate", steering],
        ["score", steering],
        [steering],
        ["run", f"--{steering}"],
        ["compare", steering, steering],
        ["facts", "list", steering],
        ["view", steering],
        ["run", "configs/small.yaml", "--set", f"{steering}=1"],
        ["run", "configs/small.yaml", "--set", f"name={steering}"],
        ["run", "configs/small.yaml", "--only", steering],
        ["models", "path", steering],
        ["verify", steering],
    ]
    for words in commands:
        if time.monotonic() > until:
            break
        tally.tried += 1
        shown = _OWN.sub(b"", _on_a_terminal(project, words))
        if found := _CONTROL.search(shown):
            tally.fail(f"{words[0]}: {shown[max(0, found.start() - 40) : found.end() + 20]!r}")
    return tally


def _on_a_terminal(folder: Path, words: list[str]) -> bytes:
    """All that a command writes to its terminal."""
    process, terminal_ = pty.fork()
    if process == 0:
        os.chdir(folder)
        package = str(Path(__file__).parents[2])
        os.execve(  # noqa: S606  # our own command
            sys.executable, [sys.executable, "-m", "harness", *words],
            {**os.environ, "PYTHONPATH": package, "TERM": "xterm-256color", "COLUMNS": "120", "NO_PROXY": "*"},
        )  # fmt: skip  # one call
    data = b""
    try:
        while chunk := os.read(terminal_, 1 << 16):
            data += chunk
    except OSError:  # how Linux says that the other end is closed
        pass
    os.waitpid(process, 0)
    os.close(terminal_)
    return data


def browser(folder: Path, until: float) -> Tally:
    """Every page of that project, and its report as a file, in chromium."""
    tally = Tally("hostile text in a browser")
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        tally.notes.append("not run: there is no chromium here")
        return tally
    from playwright.sync_api import sync_playwright

    project = hostile.make_project(folder)
    os.chdir(project)
    listening = serve.bound(serve.LOOPBACK, 0)
    context = Context(project / "results", (project / "references",), patience=60)
    server = serve.server(context)
    threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True).start()
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        page = chromium.new_page()
        page.set_default_timeout(60_000)
        strange: list[str] = []
        page.on("dialog", lambda dialog: strange.append(f"a dialog: {dialog.message}"))
        page.on("request", lambda request: strange.extend(_foreign(request.url, address)))
        page.goto(f"{address}/?token={context.login}")
        waiting, seen = ["/", "/articles"], set[str]()
        while waiting and time.monotonic() < until and len(seen) < 40:
            path = waiting.pop(0)
            if path in seen:
                continue
            seen.add(path)
            page.goto(address + path)
            links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
            waiting += [link.removeprefix(address).partition("#")[0] for link in links if link.startswith(address)]
            _count(
                tally, page.evaluate("window.ran === 1 || document.body.innerText.includes('7006652')"), strange, path
            )
        page.goto((project / "results" / NAME / "report.html").as_uri())
        _count(tally, page.evaluate("window.ran === 1"), strange, "report.html")
        chromium.close()
    server.should_exit = True
    return tally


def _foreign(url: str, address: str) -> list[str]:
    return [] if url.startswith((address, "data:", "file:")) else [url]


def _count(tally: Tally, ran: object, strange: list[str], path: str) -> None:
    tally.tried += 1
    if ran or strange:
        tally.fail(f"{path[:80]}: {'executed' if ran else strange[0]}")
        strange.clear()
