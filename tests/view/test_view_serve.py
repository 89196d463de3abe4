"""Where the app listens, what it is called there, and what it says."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
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


def wanted(results: Path, port: int | None = 0, host: str | None = None) -> Binding:
    return Binding(results, (results.parent / "references",), port, host, browser=False)


def test_a_run_can_be_named_and_is_then_the_first_page(project: Path) -> None:
    assert serve.runs_folder_and_page(project / "results") == (project / "results", "/")
    assert serve.runs_folder_and_page(project / "results" / "small") == (project / "results", "/runs/small/")


def test_a_folder_that_is_not_there_is_an_instruction(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match=r"there is no folder .*harness run configs/base.yaml"):
        serve.runs_folder_and_page(tmp_path / "nothing")


def test_a_folder_without_runs_is_said_to_have_none_with_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(context: Context) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(serve, "server", stopped)  # the words come before it answers
    said: list[str] = []
    serve.serve(wanted(tmp_path), said.append)
    assert "no run in" in said[-2]
    assert said[-2].endswith(" yet; make one: harness run configs/base.yaml")


def test_where_nothing_can_be_written_for_the_browser_the_app_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file that leads a browser there lies in HARNESS_HOME, which may be no folder that can be written."""
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("HARNESS_HOME", str(tmp_path / "file" / "home"))
    answered: list[bool] = []

    class Server:
        def run(self, sockets: object) -> None:
            answered.append(True)

    monkeypatch.setattr(serve, "server", lambda context: Server())
    said: list[str] = []
    serve.serve(replace(wanted(tmp_path), browser=True), said.append)
    assert answered
    assert said[-2].startswith("no browser is opened here (")
    assert said[-2].endswith("file/home: Not a directory): open the address yourself")


def test_a_port_that_is_asked_for_and_taken_is_an_instruction(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"cannot listen on port {port} .*--port 0"):
            serve.listen(wanted(tmp_path, port))


def test_where_no_port_is_asked_for_the_next_free_one_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setattr(serve, "PORT", taken.getsockname()[1])
        with serve.listen(wanted(tmp_path, None)) as listening:
            assert listening.getsockname()[1] > serve.PORT


def test_an_address_that_is_not_this_machines_is_an_instruction(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--host no\.such\.host\.invalid: .*address of this machine"):
        serve.listen(wanted(tmp_path, 0, "no.such.host.invalid"))
    with pytest.raises(UsageError, match=r"of 192\.0\.2\.1"):  # TEST-NET-1: nobody's address
        serve.listen(wanted(tmp_path, 0, "192.0.2.1"))


@pytest.mark.parametrize(("listening", "asked"), [("127.0.0.1", None), ("127.0.0.1", "localhost"), ("::1", "::1")])
def test_who_listens_on_the_loopback_is_called_by_its_names_alone(listening: str, asked: str | None) -> None:
    assert serve.names(listening, asked) == ()


def test_who_listens_to_others_is_called_as_asked_or_as_the_machine_is() -> None:
    assert "desk.example" in serve.names("192.168.0.9", "Desk.example")
    assert socket.gethostname().lower() in serve.names("0.0.0.0", "0.0.0.0")  # noqa: S104  # no socket is opened


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
def test_the_command_answers_whoever_has_the_token_until_ctrl_c(project: Path) -> None:
    process, said = started(project, "--host", "0.0.0.0")  # noqa: S104  # what is tested
    assert said[0].startswith("warning: whoever reaches 0.0.0.0")
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


NOBODY = 65534


def as_another_user(work: Callable[[], dict[str, object]]) -> dict[str, object]:
    """What ``work`` finds in a process of another user of this machine."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:  # no test framework here: it writes its result and is gone
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            os.write(writing, json.dumps(work()).encode())
        except BaseException as error:  # noqa: BLE001  # its parent is told
            os.write(writing, json.dumps({"failed": repr(error)}).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, "rb") as file:  # noqa: PTH123  # a descriptor
        data = file.read()
    os.waitpid(process, 0)
    found: dict[str, object] = json.loads(data)
    return found


@pytest.mark.slow
@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
def test_another_user_of_the_machine_can_neither_read_nor_write(project: Path, tmp_path: Path) -> None:
    """He reaches the loopback, and sees the command lines of all processes."""
    browser = tmp_path / "browser"
    browser.write_text("#!/bin/sh\nexec sleep 600 > /dev/null 2>&1\n")
    browser.chmod(0o755)
    process, said = started(project, BROWSER=str(browser), DISPLAY=":0", HARNESS_HOME=str(tmp_path / "home"))
    port, token = port_of(said), address_in(said).partition("token=")[2]
    while not (found := list((tmp_path / "home").glob("view-*.html"))):
        time.sleep(0.05)
    [leading] = found
    assert token in leading.read_text("utf-8")

    def attempts() -> dict[str, object]:
        statuses = []
        for method in ("GET", "HEAD", "POST", "PUT"):
            for path in ("/", "/runs/small/", "/runs/small/judge", "/articles", "/static/app.css", "/?token=guess"):
                for cookie in ("", "Cookie: harness-view=x\r\n", f"Cookie: harness-view-{port}=x\r\n"):
                    with socket.socket() as connection:  # resolves no name: he may not read the codec for that
                        connection.settimeout(300)
                        connection.connect((serve.LOOPBACK, port))
                        asked = (
                            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{cookie}Content-Length: 6\r\n\r\ncsrf=x"
                        )
                        connection.sendall(asked.encode())
                        statuses.append(int(connection.recv(100).split()[1]))
        seen = []
        for entry in os.listdir("/proc"):  # noqa: PTH208  # the same
            with contextlib.suppress(OSError):
                seen.append(Path(f"/proc/{entry}/cmdline").read_text("utf-8", "replace"))
        return {"statuses": statuses, "seen": token in " ".join(seen), "reads": os.access(leading, os.R_OK)}

    assert as_another_user(attempts) == {"statuses": [403] * 72, "seen": False, "reads": False}
    with httpx2.Client(follow_redirects=True) as own:
        assert "Runs" in own.get(address_in(said)).text
    assert "Traceback" not in ended(process)
    assert not leading.exists()


@pytest.mark.slow
def test_a_request_that_is_broken_off_is_no_traceback(project: Path) -> None:
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


@pytest.mark.slow
def test_who_is_one_too_many_is_told_so_and_the_files_of_the_server_are_spared(project: Path) -> None:
    def few_files() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

    process, said = started(project, "--no-browser", before=few_files)
    port = port_of(said)
    open_ = [socket.create_connection(("127.0.0.1", port)) for _ in range(100)]
    open_[-1].settimeout(300)
    told = open_[-1].makefile("rb").read()
    assert told.startswith(b"HTTP/1.1 503 ")
    assert b"too many are connected to harness view" in told
    for connection in open_:
        connection.close()
    with httpx2.Client(follow_redirects=True, timeout=60) as own:
        page = own.get(address_in(said))
        for _ in range(1000):
            if page.status_code != 503:
                break
            time.sleep(0.05)  # until the server has noticed that they are gone
            page = own.get(address_in(said))
        assert "Runs" in page.text
    assert "Traceback" not in ended(process)
