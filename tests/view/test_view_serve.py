"""Where the app listens, what it is called there, and what it says."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from harness.errors import RunFolderError, UsageError
from harness.view import serve
from harness.view.serve import Wanted


def wanted(results: Path, port: int | None = 0, host: str | None = None) -> Wanted:
    return Wanted(results, results.parent / "references", port, host, browser=False)


def test_a_run_can_be_named_and_is_then_the_first_page(project: Path) -> None:
    assert serve.shown(project / "results") == (project / "results", "/")
    assert serve.shown(project / "results" / "small") == (project / "results", "/runs/small/")


def test_a_folder_that_is_not_there_is_an_instruction(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match=r"there is no folder .*harness run configs/base.yaml"):
        serve.shown(tmp_path / "nothing")


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
def test_who_listens_on_the_loopback_needs_no_token(listening: str, asked: str | None) -> None:
    assert serve.names(listening, asked) == ()


def test_who_listens_to_others_is_called_as_asked_or_as_the_machine_is() -> None:
    assert "desk.example" in serve.names("192.168.0.9", "Desk.example")
    assert socket.gethostname().lower() in serve.names("0.0.0.0", "0.0.0.0")  # noqa: S104  # no socket is opened


def started(project: Path, *options: str) -> tuple[subprocess.Popen[str], list[str]]:
    """The command, and the lines that it prints until it answers."""
    command = [sys.executable, "-m", "harness", "view", "--port", "0", *options]
    environment = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    process = subprocess.Popen(
        command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    )
    assert process.stdout
    said = [process.stdout.readline()]
    while "Ctrl-C" not in said[-1]:
        said.append(process.stdout.readline())
        assert said[-1], "".join(said)
    return process, said


@pytest.mark.slow
def test_the_command_answers_whoever_has_the_token_until_ctrl_c(project: Path) -> None:
    process, said = started(project, "--host", "0.0.0.0")  # noqa: S104  # what is tested
    assert said[0].startswith("warning: whoever reaches 0.0.0.0")
    address = said[1].removeprefix("harness view: ").strip().replace("0.0.0.0", "127.0.0.1")  # noqa: S104  # as above
    assert httpx2.get(address.partition("?")[0]).status_code == 403
    with httpx2.Client(follow_redirects=True) as browser:
        assert "Runs" in browser.get(address).text
    process.send_signal(signal.SIGINT)
    assert process.stdout
    out = process.stdout.read()
    assert process.wait(10) == 0
    assert "open the address yourself" in out
    assert out.endswith("stopped\n")
