"""Results folders and configs from strangers, and another user of the machine: nothing of theirs is run or asked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import viewing
from loopback import Loopback, completion, serving

from benchmarks.reliability.tally import Tally

NOBODY = 65534
EVIL = "import pathlib\npathlib.Path({ran!r}).touch()\n"


def named(url: str) -> list[dict[str, Any]]:
    """What strangers' manifests name."""
    judge = {"kind": "judge", "model": "m", "base_url": url}
    return [
        {"verifier": judge},
        {"verifier": {"kind": "cascade", "steps": ["lexical", judge]}},
        {"verifier": {"kind": "decision", "model": "m", "base_url": url}},
        {"verifier": "evil_module:Verifier"},
        {"verifier": {"kind": "nli", "model": "evil/model"}},
        {"scorers": ["evil_module:Scorer"]},
        {"scorers": [{"kind": "evaluate", "metric": "./m.py", "keys": ["x"]}]},
        {"articles": [f"{url}/rows.jsonl"]},
        {"articles": [{"dataset": "evil/articles"}]},
        {"labels": "/etc/evil.jsonl"},
    ]


COMMANDS = (["score"], ["compare", "--by", "system"], ["agreement"])


def folders(folder: Path, until: float) -> Tally:
    """Ten manifests, three commands each."""
    tally, ran = Tally("untrusted results folders"), folder / "ran"
    other, here = folder / "other-home", folder / "home"
    with _home(other):
        viewing.make_project(folder / "project")
    run = folder / "project" / "results" / "small"
    (run / "m.py").write_text(EVIL.format(ran=str(ran)), "utf-8")
    (folder / "project" / "evil_module.py").write_text(EVIL.format(ran=str(ran)), "utf-8")
    manifest = json.loads((run / "manifest.json").read_text("utf-8"))
    with serving(lambda *_: completion("x")) as server:
        for changes in named(server.url):
            changed = {**manifest, "config": {**manifest["config"], **changes}}
            (run / "manifest.json").write_text(json.dumps(changed), "utf-8")
            for command, *options in COMMANDS:
                if time.monotonic() < until:
                    done = _harness(folder / "project", here, command, str(run), *options)
                    _judge(tally, done, ran, server, f"{command}: {changes}")
    return tally


def configs(folder: Path, until: float) -> Tally:
    """Configs that would send variables away, or that validate would run."""
    tally, ran = Tally("untrusted configs"), folder / "ran"
    folder.mkdir(exist_ok=True)
    (folder / "evil_module.py").write_text(EVIL.format(ran=str(ran)), "utf-8")
    (folder / "rows.jsonl").write_text('{"id": "a", "text": "The council met. It voted."}\n', "utf-8")
    secrets = ("AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "DATABASE_URL", "SSH_PRIVATE_KEY", "MY_PASSWORD")
    with serving(lambda *_: completion("x")) as server:
        served = f"kind: openai_api, model: m, base_url: '{server.url}'"
        models = [f"{{{served}, api_key_env: {name}}}" for name in secrets]
        models += [f"{{kind: openai_api, model: m, base_url: '{server.url}/${{{name}}}'}}" for name in secrets]
        models += [f"{{{served}, extra: {{user: '${{{name}}}'}}}}" for name in secrets]
        models += [f"{{kind: openai_api, base_url: '{server.url}', model: '${{{name}}}'}}" for name in secrets]
        models += [f"{{kind: 'evil_module:{name}'}}" for name in ("Model", "x", "__file__", "a.b", "Model:x")]
        models += [f"{{{served}, api_key: sk-{'x' * n}}}" for n in (5, 20, 40, 80, 160)]
        for model in models:
            if time.monotonic() > until:
                break
            path = folder / "run.yaml"
            path.write_text(
                f"articles: rows.jsonl\nmodels: {{m: {model}}}\nprompts: {{p: '{{{{ article.text }}}}'}}\n"
                "verifier: lexical\nscorers: [length]\n",
                "utf-8",
            )
            command = "validate" if "evil_module" in model else "run"
            done = _harness(folder, folder / "home", command, str(path), **dict.fromkeys(secrets, "the-value"))
            _judge(tally, done, ran, server, model)
            if "the-value" in done.stdout + done.stderr:
                tally.fail(f"a value is shown: {model}")
    return tally


def another_user(folder: Path, until: float) -> Tally:
    """A hundred attempts of another user of this machine at ``harness view``."""
    tally = Tally("attempts of a second user")
    if os.getuid() != 0:
        tally.notes.append("not run: only root can become another user")
        return tally
    viewing.make_project(folder)
    from harness.view import serve
    from harness.view.context import Context

    listening = serve.bound(serve.LOOPBACK, 0)
    context = Context(folder / "results", (folder / "references",))
    server = serve.server(context)
    threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True).start()
    while not server.started:
        time.sleep(0.01)
    script = _attempts(listening.getsockname()[1])
    done = subprocess.run(  # noqa: S603  # our own script, as another user
        ["/usr/bin/env", "-i", _python(), "-c", script], capture_output=True, text=True, check=False, user=NOBODY,
        group=NOBODY, extra_groups=[], cwd="/",
    )  # fmt: skip  # one call
    server.should_exit = True
    statuses = done.stdout.split()
    tally.tried = len(statuses)
    for status in statuses:
        if status != "403":
            tally.fail(f"answered {status}")
    if not statuses:
        tally.fail(done.stderr[-200:])
    return tally


def _python() -> str:
    """A Python that another user may run."""
    return next(
        (path for path in ("/usr/bin/python3", shutil.which("python3") or "") if Path(path).exists()), sys.executable
    )


def _attempts(port: int) -> str:
    """A script that asks a hundred times for what is not its user's, and prints each status."""
    paths = [
        "/",
        "/runs/small/",
        "/articles",
        "/articles/bridge",
        "/static/app.css",
        "/?token=x",
        "/runs/small/judge",
        "/runs/small/progress",
        "/compare?run=small",
        "/articles/bridge/facts",
    ]
    return f"""
import socket
for method in ("GET", "POST"):
    for cookie in ("", "harness-view=x", "harness-view-{port}=x", "harness-view-{port}=", "harness-view-{port}=a.b"):
        for path in {paths!r}:
            with socket.create_connection(("127.0.0.1", {port})) as line:
                line.sendall((method + " " + path + " HTTP/1.1\\r\\nHost: localhost\\r\\nCookie: " + cookie
                              + "\\r\\nContent-Length: 6\\r\\nConnection: close\\r\\n\\r\\ncsrf=x").encode())
                print(line.recv(100).split()[1].decode())
"""


def _judge(tally: Tally, done: subprocess.CompletedProcess[str], ran: Path, server: Loopback, what: str) -> None:
    tally.tried += 1
    if ran.exists():
        ran.unlink()
        tally.fail(f"code was run: {what[:200]}")
    if server.requests:
        server.requests.clear()
        tally.fail(f"a request was sent: {what[:200]}")
    if "Traceback" in done.stderr:
        tally.fail(f"traceback: {what[:200]}")


def _harness(folder: Path, home: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    package = str(Path(__file__).parents[2])
    environment = {**os.environ, "HARNESS_HOME": str(home), "PYTHONPATH": f"{package}:{folder}", **variables}
    return subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "-m", "harness", *words], cwd=folder, env=environment, capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip  # one call


@contextmanager
def _home(folder: Path) -> Iterator[None]:
    before = os.environ.get("HARNESS_HOME")
    os.environ["HARNESS_HOME"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["HARNESS_HOME"]
        else:
            os.environ["HARNESS_HOME"] = before
