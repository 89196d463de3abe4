"""Start the app: choose the folder, the address and the port."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
from contextlib import suppress
from pathlib import Path

import uvicorn
from click import echo

from harness.document.format import join_words
from harness.errors import RunFolderError, UsageError
from harness.files import show
from harness.view.app import make_app
from harness.view.context import Context, link
from harness.view.run_index import RunIndex

LOOPBACK = "127.0.0.1"
PORT = 8421


def serve(path: Path, references: tuple[Path, ...], port: int | None, host: str | None) -> None:
    """Serve the runs in ``path``, which may also be one run, until Ctrl-C."""
    results, page = find_runs_folder(path)
    name = host or LOOPBACK
    with listen(name, port) as listening:
        own_address, own_port = listening.getsockname()[:2]
        context = Context(RunIndex(results, references), list_host_names(own_address, host))
        address = f"http://{f'[{name}]' if ':' in name else name}:{own_port}{page}?token={context.login}"
        if port is None and own_port != PORT:
            echo(f"port {PORT} is taken; using port {own_port}")
        if context.names:
            echo(
                f"warning: other machines can reach this page through {host}, and the connection is not encrypted; "
                "leave out --host to serve only this machine"
            )
        echo(f"harness view: {address}")
        echo("Anyone with this address can read and change what is shown. Press Ctrl-C to stop.")
        if not context.run_index.list_runs():
            echo(f"no runs in {show(results)} yet; start one: harness run configs/base.yaml")
        with suppress(KeyboardInterrupt):
            make_server(context).run(sockets=[listening])
    if running := context.rescoring.stop():
        echo(f"stopping the rescoring of {join_words(running)}; verdicts are kept. Press Ctrl-C again to quit now")
    try:
        context.rescoring.wait()
    except KeyboardInterrupt:
        echo("stopped; to resume the rescoring: harness score --stale")
        os._exit(130)  # without waiting for threads; records are written as they are made
    echo("stopped")


def find_runs_folder(path: Path) -> tuple[Path, str]:
    """Return the folder of runs and the page to open first. ``path`` is the folder, or one run in it."""
    if not path.is_dir():
        raise RunFolderError(
            f"there is no folder {show(path)}; make a first run (harness run configs/base.yaml), or name the "
            "folder that contains your runs"
        )
    if (path / "manifest.json").is_file():
        run = path.resolve()
        return run.parent, link("runs", run.name) + "/"
    return path, "/"


def listen(host: str, port: int | None) -> socket.socket:
    """Open a socket on the given port or, if none is given, on ``PORT``; if that is taken, on any free port."""
    number = PORT if port is None else port
    try:
        return bind(host, number)
    except socket.gaierror as error:
        raise UsageError(f"--host {host}: {error.strerror}; name an address of this machine") from None
    except OSError as error:
        remedy = "name an address of this machine and a port that you may use"
        if error.errno == errno.EADDRINUSE:
            if port is None:
                return bind(host, 0)
            remedy = "is harness view already open? Choose another port; --port 0 takes any free one"
        reason = os.strerror(error.errno or 0)
        raise UsageError(f"cannot listen on port {number} of {host}: {reason}; {remedy}") from None


def bind(host: str, port: int) -> socket.socket:
    """Open a listening socket; raise OSError if the address cannot be used."""
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    dual = family == socket.AF_INET6 and socket.has_dualstack_ipv6()  # ``::`` also serves IPv4
    return socket.create_server(address, family=family, backlog=128, dualstack_ipv6=dual)


def list_host_names(listening: str, host: str | None) -> tuple[str, ...]:
    """Return the names by which other machines may reach this one, or none if the server listens only on localhost.

    ``listening`` is the address of the socket, ``host`` the value of ``--host``.
    """
    if host is None or ipaddress.ip_address(listening).is_loopback:
        return ()
    name = socket.gethostname().lower()
    return (host.lower(), name, f"{name}.local")


def make_server(context: Context) -> uvicorn.Server:
    config = uvicorn.Config(
        make_app(context), log_level="warning", server_header=False, proxy_headers=False, timeout_graceful_shutdown=2
    )
    return uvicorn.Server(config)
