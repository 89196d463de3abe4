"""Where the app listens, what it is called there, and what it says."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import httpx2
import pytest

from harness.errors import RunFolderError, UsageError
from harness.view import serve
from harness.view.context import Context
from harness.view.serve import Binding


def make_binding(results: Path, port: int | None = 0, host: str | None = None) -> Binding:
    return Binding(results, (results.parent / "references",), port, host, browser=False)


def test_a_run_can_be_named_and_is_then_the_first_page(project: Path) -> None:
    assert serve.find_runs_folder(project / "results") == (project / "results", "/")
    assert serve.find_runs_folder(project / "results" / "small") == (project / "results", "/runs/small/")


def test_a_missing_folder_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match=r"there is no folder .*harness run configs/base.yaml"):
        serve.find_runs_folder(tmp_path / "nothing")


def test_an_empty_folder_says_how_to_make_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(context: Context) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(serve, "make_server", stopped)  # the words come before it answers
    said: list[str] = []
    serve.serve(make_binding(tmp_path), said.append)
    assert "harness run configs/base.yaml" in said[-2]


def test_the_app_starts_even_if_no_browser_can_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file that leads a browser there lies in HARNESS_HOME, which may be no folder that can be written."""
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "file" / "home"))
    answered: list[bool] = []

    class Server:
        def run(self, sockets: object) -> None:
            answered.append(True)

    monkeypatch.setattr(serve, "make_server", lambda context: Server())
    said: list[str] = []
    serve.serve(replace(make_binding(tmp_path), browser=True), said.append)
    assert answered
    assert "open the address yourself" in said[-2]


def test_a_taken_port_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"cannot listen on port {port} .*--port 0"):
            serve.listen(make_binding(tmp_path, port))


def test_without_a_port_the_next_free_one_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setattr(serve, "PORT", taken.getsockname()[1])
        with serve.listen(make_binding(tmp_path, None)) as listening:
            assert listening.getsockname()[1] > serve.PORT


def test_an_address_of_another_machine_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--host no\.such\.host\.invalid: .*address of this machine"):
        serve.listen(make_binding(tmp_path, 0, "no.such.host.invalid"))
    with pytest.raises(UsageError, match=r"of 192\.0\.2\.1"):  # TEST-NET-1: nobody's address
        serve.listen(make_binding(tmp_path, 0, "192.0.2.1"))


@pytest.mark.parametrize(("listening", "asked"), [("127.0.0.1", None), ("127.0.0.1", "localhost"), ("::1", "::1")])
def test_on_the_loopback_no_other_host_name_is_answered(listening: str, asked: str | None) -> None:
    assert serve.host_names(listening, asked) == ()


def test_with_host_the_machines_own_names_are_answered() -> None:
    assert "desk.example" in serve.host_names("192.168.0.9", "Desk.example")
    assert socket.gethostname().lower() in serve.host_names("0.0.0.0", "0.0.0.0")  # noqa: S104  # no socket is opened


def started(
    project: Path, *options: str, before: Callable[[], object] | None = None, **extra: str
) -> tuple[subprocess.Popen[str], list[str]]:
    """The command with variables ``extra``, and the lines that it prints until it answers."""
    command = [sys.executable, "-m", "harness", "view", "--port", "0", *options]
    environment = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    process = subprocess.Popen(
        command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=environment | extra, preexec_fn=before,
    )  # fmt: skip  # one call
    assert process.stdout
    said = [process.stdout.readline()]
    while "Ctrl-C" not in said[-1]:
        said.append(process.stdout.readline())
        assert said[-1], "".join(said)
    return process, said


def address_in(said: list[str]) -> str:
    """The address that the command prints, with the token."""
    return next(line for line in said if line.startswith("harness view: ")).removeprefix("harness view: ").strip()


@pytest.mark.slow
def test_the_command_answers_with_the_token_until_ctrl_c(project: Path) -> None:
    process, said = started(project, "--host", "0.0.0.0")  # noqa: S104  # what is tested
    assert said[0].startswith("warning: anyone who reaches 0.0.0.0")
    address = address_in(said).replace("0.0.0.0", "127.0.0.1")  # noqa: S104  # as above
    assert httpx2.get(address.partition("?")[0]).status_code == 403
    with httpx2.Client(follow_redirects=True) as browser:
        assert "Runs" in browser.get(address).text
    out = ended(process)
    assert "open the address yourself" in out
    assert out.endswith("stopped\n")


def ended(process: subprocess.Popen[str]) -> str:
    """What the command printed after its start, ended by Ctrl-C."""
    process.send_signal(signal.SIGINT)
    assert process.stdout
    out = process.stdout.read()
    assert process.wait(300) == 0
    return out


def port_of(said: list[str]) -> int:
    return int(address_in(said).partition("//")[2].partition("/")[0].rpartition(":")[2])


def test_the_token_reaches_the_browser_by_a_private_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other users of the machine see the words of a browser's command line."""
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(webbrowser, "open", lambda address: True)
    found: list[tuple[int, str]] = []

    class Server:
        def run(self, sockets: object) -> None:
            [file] = (tmp_path / "home").glob("view-*.html")
            found.append((file.stat().st_mode & 0o777, file.read_text("utf-8")))

    monkeypatch.setattr(serve, "make_server", lambda context: Server())
    said: list[str] = []
    serve.serve(replace(make_binding(tmp_path), browser=True), said.append)
    [(mode, text)] = found
    assert mode == 0o600
    assert address_in("\n".join(said).splitlines()) in text
    assert list((tmp_path / "home").glob("view-*.html")) == []


@pytest.mark.slow
def test_a_request_that_is_cut_off_leaves_no_traceback(project: Path) -> None:
    process, said = started(project, "--no-browser")
    token = address_in(said).partition("token=")[2]
    port = port_of(said)
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", port)) as broken:
            broken.sendall(
                f"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: harness-view-{port}={token}\r\n"
                f"Content-Length: 1000\r\n\r\ncsrf=".encode()
            )
            time.sleep(0.1)
    assert ended(process) == "stopped\n"
