"""Listening: which folders, which address, which port, and the browser that opens."""

from __future__ import annotations

import errno
import gc
import ipaddress
import os
import secrets
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import uvicorn

from harness.compare.result import ComparisonOptions
from harness.document.format import listed
from harness.errors import HarnessError, RunFolderError, UsageError
from harness.files import show
from harness.report.report import PAGES
from harness.view import app, articles, compare, judge, run_pages
from harness.view.connections import LimitedProtocol, allowed
from harness.view.context import Context
from harness.view.page import link
from harness.weights.store import home

LOOPBACK = "127.0.0.1"
PORT = 8421
_TRIED = 20
"""Ports from ``PORT`` on that are tried where none is asked for."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Binding:
    """What the command line asks for."""

    results: Path
    """A folder of runs, or a run."""
    references: tuple[Path, ...]
    port: int | None
    host: str | None
    browser: bool


def serve(binding: Binding, say: Say) -> None:
    """Answer until Ctrl-C."""
    results, first = runs_folder_and_page(binding.results)
    with listen(binding) as listening:
        host, port = listening.getsockname()[:2]
        base = _address(binding.host or LOOPBACK, port)
        reports_lead_here = base if binding.host is None else ""  # browsers say nothing of a link to a plain http host
        context = Context(results, binding.references, names=names(host, binding.host), address=reports_lead_here)
        address = f"{base}{first}?token={context.login}"
        if binding.port is None and port != PORT:
            say(f"port {PORT} is taken; this is port {port}")
        if context.open_to_others:
            say(
                f"warning: whoever reaches {binding.host} and has this address can read, judge and change what is "
                "shown, and nothing is encrypted; without --host only this machine can"
            )
        say(f"harness view: {address}\nWho has this address can read and change what is shown. Ctrl-C stops it")
        if not context.run_index.runs():
            say(f"no run in {show(results)} yet; make one: harness run configs/base.yaml")
        threading.Thread(target=_warm, args=(context, first), daemon=True).start()
        with suppress(KeyboardInterrupt), _browser(address, say) if binding.browser else nullcontext():
            server(context).run(sockets=[listening])  # hands Ctrl-C on once it has closed down
    _end(context, say)
    say("stopped")


def _end(context: Context, say: Say) -> None:
    """End what is done in the background, at its next step; at once, if Ctrl-C comes again."""
    every = (context.rescoring, context.fits)
    if going := [run for jobs in every for run in jobs.stop()]:
        say(f"ending the work on {listed(going)}; what is answered is kept. Ctrl-C ends it at once")
    try:
        for jobs in every:
            jobs.wait()
    except KeyboardInterrupt:
        say("stopped; harness score --stale goes on from there")
        os._exit(130)  # whatever a thread still waits for: records are written as they are made


def _warm(context: Context, first: str) -> None:
    """Read the run that is probably looked at first, and the articles, while their reader still finds the browser.

    Reading a large one takes seconds, of which half go into looking for garbage among its many small records.
    """
    gc.set_threshold(100_000, 20, 100)
    runs = [run for run in context.run_index.runs() if first in ("/", link("runs", run.path.name) + "/")]
    newest = max(runs, key=lambda run: run.path.stat().st_mtime, default=None)
    if newest is None:
        return
    name = newest.path.name
    for ready in (
        lambda: run_pages.front(context.run_index.opened(name), slice(0, PAGES)),
        lambda: compare.comparison(context.run_index, compare.ComparisonAddress((name,), ComparisonOptions("system"))),
        lambda: judge.questions_of(context, name),
        lambda: [context.run_index.article_at(path) for path in context.run_index.articles()[: articles.PAGE]],
    ):
        with suppress(HarnessError, OSError):  # its page says what is wrong
            ready()


def server(context: Context) -> uvicorn.Server:
    """What answers; its ``run`` takes the sockets to answer on."""
    return uvicorn.Server(
        uvicorn.Config(
            app.make(context),
            log_level="warning",
            server_header=False,
            proxy_headers=False,
            http=LimitedProtocol,
            backlog=allowed(),  # as many are accepted at a time; more might be more than there are files
            timeout_graceful_shutdown=2,
        )
    )


def runs_folder_and_page(folder: Path) -> tuple[Path, str]:
    """The folder of runs, and the page to open; RunFolderError where there is no such folder."""
    if not folder.is_dir():
        raise RunFolderError(
            f"there is no folder {show(folder)}; make a first run (harness run configs/base.yaml), or name the folder "
            "that your runs are in"
        )
    if (folder / "manifest.json").is_file():
        run = folder.resolve()
        return run.parent, link("runs", run.name) + "/"
    return folder, "/"


def listen(binding: Binding) -> socket.socket:
    """A socket on the port that is asked for, or on the first free one from ``PORT`` on."""
    host = binding.host or LOOPBACK
    ports = range(PORT, PORT + _TRIED) if binding.port is None else [binding.port]
    for port in ports:
        try:
            return bound(host, port)
        except socket.gaierror as error:
            raise UsageError(f"--host {host}: {error.strerror}; give an address of this machine") from None
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            if taken and port != ports[-1]:
                continue
            remedy = "is harness view open already? Choose another port: --port 0 takes any that is free"
            if not taken:
                remedy = "give an address of this machine, and a port that you may listen on"
            raise UsageError(f"cannot listen on port {port} of {host}: {error.strerror}; {remedy}") from None
    raise AssertionError("there is a port to try")


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens there; OSError where it cannot."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening


def names(listening: str, asked: str | None) -> tuple[str, ...]:
    """What others may call this machine; none where only its loopback is listened on."""
    if asked is None or ipaddress.ip_address(listening).is_loopback:
        return ()
    name = socket.gethostname().lower()
    return (asked.lower(), name, f"{name}.local")


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def _browser(address: str, say: Say) -> Iterator[None]:
    """Show the address in the browser of the desktop; where there is none, a person has to open it.

    The browser is handed a file that leads there: other users of the machine see the words of its command line.
    """
    desktop = sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if not desktop:  # then Python would start a browser for the terminal, and wait for its end
        say("no browser is open here: open the address yourself (from another machine: ssh -L, or --host)")
        yield
        return
    file = home() / f"view-{secrets.token_hex(8)}.html"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(file, "x", encoding="utf-8", opener=partial(os.open, mode=0o600)) as leading:  # with an opener
            leading.write(f'<!doctype html><meta http-equiv="refresh" content="0;url={address}">')
        threading.Thread(target=webbrowser.open, args=(file.as_uri(),), daemon=True).start()
    except OSError as error:
        say(f"no browser is opened here ({show(file.parent)}: {error.strerror}): open the address yourself")
    try:
        yield
    finally:
        with suppress(OSError):  # where it could not be written
            file.unlink(missing_ok=True)
