from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pytest

from harness.errors import RunFolderError, UsageError
from harness.view import serve


def test_named_run_is_the_first_page(project: Path, tmp_path: Path) -> None:
    assert serve.find_runs_folder(project / "results") == (project / "results", "/")
    assert serve.find_runs_folder(project / "results" / "small") == (project / "results", "/runs/small/")
    with pytest.raises(RunFolderError, match=r"there is no folder .*harness run configs/base.yaml"):
        serve.find_runs_folder(tmp_path / "nothing")


def test_taken_port_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"cannot listen on port {port} .*--port 0"):
            serve.listen(serve.LOOPBACK, port)


def test_another_free_port_is_used_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setattr(serve, "PORT", taken.getsockname()[1])
        with serve.listen(serve.LOOPBACK, None) as listening:
            assert listening.getsockname()[1] != serve.PORT


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="needs IPv6")
def test_unspecified_ipv6_address_also_serves_ipv4() -> None:
    with serve.listen("::", 0) as listening:
        socket.create_connection(("127.0.0.1", listening.getsockname()[1])).close()


def test_address_of_another_machine_is_an_error() -> None:
    with pytest.raises(UsageError, match=r"--host no\.such\.host\.invalid: .*address of this machine"):
        serve.listen("no.such.host.invalid", 0)
    with pytest.raises(UsageError, match=r"of 192\.0\.2\.1"):  # TEST-NET-1: nobody's address
        serve.listen("192.0.2.1", 0)


def test_only_the_host_option_adds_names_of_the_machine() -> None:
    for listening, asked in (("127.0.0.1", None), ("127.0.0.1", "localhost"), ("::1", "::1")):
        assert serve.list_host_names(listening, asked) == ()
    assert {"desk.example", socket.gethostname().lower()} <= {*serve.list_host_names("192.168.0.9", "Desk.example")}


def start_command(folder: Path, *options: str) -> tuple[subprocess.Popen[str], list[str]]:
    """Start the command; returns the process and the lines printed until it is ready."""
    command = [sys.executable, "-m", "harness", "view", "--port", "0", *options]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout
    output = [process.stdout.readline()]
    while "Ctrl-C" not in output[-1]:
        output.append(process.stdout.readline())
        assert output[-1], "".join(output)
    return process, output


def find_address(output: list[str]) -> str:
    """The printed address, with the token."""
    return next(line for line in output if line.startswith("harness view: ")).removeprefix("harness view: ").strip()


@pytest.mark.slow
def test_command_serves_with_the_token_until_ctrl_c(project: Path) -> None:
    process, output = start_command(project, "--host", "0.0.0.0")  # noqa: S104  # what is tested
    assert output[0].startswith("warning: other machines can reach this page through 0.0.0.0")
    address = find_address(output).replace("0.0.0.0", "127.0.0.1")  # noqa: S104  # as above
    assert httpx2.get(address.partition("?")[0]).status_code == 403
    with httpx2.Client(follow_redirects=True) as browser:
        assert "Runs" in browser.get(address).text
    assert stop_command(process) == "stopped\n"


def stop_command(process: subprocess.Popen[str]) -> str:
    """Stop the command with Ctrl-C; returns its remaining output."""
    process.send_signal(signal.SIGINT)
    assert process.stdout
    out = process.stdout.read()
    assert process.wait(300) == 0
    return out


@pytest.mark.slow
def test_aborted_request_leaves_no_traceback_and_a_folder_without_runs_says_how_to_make_one(tmp_path: Path) -> None:
    process, output = start_command(tmp_path, str(tmp_path))
    address, _, token = find_address(output).partition("?token=")
    port = int(address.strip("/").rpartition(":")[2])
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", port)) as broken:
            broken.sendall(
                f"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: harness-view-{port}={token}\r\n"
                f"Content-Length: 1000\r\n\r\ncsrf=".encode()
            )
            time.sleep(0.1)
    without_runs, stopped = stop_command(process).splitlines()
    assert "harness run configs/base.yaml" in without_runs
    assert stopped == "stopped"
