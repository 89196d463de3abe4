"""A loopback server whose replies, valid or invalid, a test chooses."""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODEL = "wise-1"


@dataclass(frozen=True)
class Reply:
    """The server's reply."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str = "application/json"
    missing: int = 0
    """Bytes that Content-Length promises but the server does not send."""
    pause: float = 0.0
    """Seconds before each byte."""


Behaviour = Callable[[dict[str, Any], int], Reply]
"""(JSON of a request, number of earlier requests) → the reply."""


@dataclass
class Loopback:
    """The server's address and the requests it got."""

    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    models: list[str] = field(default_factory=list)
    """The models that the server lists; if empty, it replies with the status ``unlisted``."""
    unlisted: int = 404


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # with the default of 5, a busy machine refuses the sixth connection

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):  # the client has disconnected
            super().handle_error(request, client_address)


@contextmanager
def serve(behaviour: Behaviour) -> Iterator[Loopback]:
    """Run a server that answers every request by ``behaviour``."""
    found = Loopback()
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # as http.server names it
            listed = {"object": "list", "data": [{"id": model, "object": "model"} for model in found.models]}
            self._send(as_json(listed) if found.models else as_json({"detail": "no list"}, found.unlisted))

        def do_POST(self) -> None:  # as http.server names it
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                before = len(found.requests)
                found.requests.append(request)
                found.headers.append({name.lower(): value for name, value in self.headers.items()})
                found.paths.append(self.path)
            self._send(behaviour(request, before))

        def _send(self, reply: Reply) -> None:
            self.close_connection = bool(reply.missing)
            self.send_response(reply.status)
            length = {"Content-Type": reply.kind, "Content-Length": str(len(reply.body) + reply.missing)}
            for name, value in {**length, **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            for piece in (bytes([byte]) for byte in reply.body) if reply.pause else (reply.body,):
                time.sleep(reply.pause)
                self.wfile.write(piece)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # as http.server names it
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def as_json(value: object, status: int = 200, **headers: str) -> Reply:
    """A reply of JSON; underscores in the names of headers are dashes."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(json.dumps(value).encode(), status, named)


def completion(content: str | None, model: str = MODEL, **choice: Any) -> Reply:
    """A chat completion; ``choice`` adds to its one choice (``finish_reason``, ``logprobs``, ``message``)."""
    message = {"role": "assistant", "content": content}
    choices = [{"index": 0, "finish_reason": "stop", "message": message, **choice}]
    return as_json({"id": "chatcmpl-1", "object": "chat.completion", "created": 0, "model": model, "choices": choices})


def find_question_id(request: Mapping[str, Any]) -> str:
    """The id of the question in a chat request."""
    found = re.search(r'"id": "([0-9a-f]{16})"', request["messages"][-1]["content"])
    assert found
    return found[1]


def judgement(request: Mapping[str, Any], label: str, quote: str, **more: Any) -> str:
    """A judge's answer to a request, in the requested format."""
    return json.dumps({"id": find_question_id(request), "quote": quote, "label": label, "confidence": 0.9, **more})
