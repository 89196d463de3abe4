"""Sixty ways in which a server fails: each article has a record all the same, and nothing but reasons comes of it."""

from __future__ import annotations

import gzip
import itertools
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from loopback import MODEL, Reply, completion, serving, streamed

from benchmarks.reliability.tally import Tally
from harness import config, pipeline

Fault = Callable[[dict[str, Any], int], Reply]
STATUSES = (
    301,
    302,
    307,
    308,
    400,
    401,
    402,
    403,
    404,
    405,
    408,
    409,
    410,
    413,
    415,
    418,
    422,
    425,
    429,
    451,
    500,
    501,
    502,
    503,
    504,
    507,
    511,
    520,
    529,
    599,
)
BODIES: tuple[bytes, ...] = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b"{",
    b'"text"',
    b"<html>",
    b"\xff\xfe",
    b"[" * 100_000,
    b"1e999",
    b"NaN",
    b'{"model": 1}',
    b'{"model": "%b", "choices": []}' % MODEL.encode(),
    b'{"model": "%b", "choices": [{"message": {"content": "half \\ud83d"}}]}' % MODEL.encode(),
    b'{"model": "%b", "choices": [{"message": {"content": 5}}]}' % MODEL.encode(),
    b'{"model": "other", "choices": [{"message": {"content": "x"}}]}',
    b'{"x": "' + b"a" * 20_000_000 + b'"}',
)
CONTENTS = ("", " ", "\x00", "\x1b[2J", "<think>never ends", "a" * 100_000, "\u202e", "I cannot help with that.")


def faults() -> Iterator[tuple[str, Fault]]:
    """All of them, by name."""
    for status in STATUSES:
        headers = {"Location": "http://evil.invalid/"} if status < 400 else {"Retry-After": "0"}
        yield f"status {status}", lambda *_, s=status, h=headers: Reply(b'{"error": {"message": "no"}}', s, h)
    for body in BODIES:
        yield f"body {body[:30]!r}", lambda *_, b=body: Reply(b)
    for text in CONTENTS:
        yield f"content {text[:20]!r}", lambda *_, t=text: completion(t)
    yield "bomb", lambda *_: Reply(gzip.compress(BODIES[-1]), headers={"Content-Encoding": "gzip"})
    yield "packed wrongly", lambda *_: Reply(b"{}", headers={"Content-Encoding": "gzip"})
    yield "unknown packing", lambda *_: Reply(b"{}", headers={"Content-Encoding": "zstd"})
    yield "cut", lambda *_: Reply(completion("x").body, missing=10)
    yield "stream where none was asked for", lambda *_: streamed("x")
    yield "refused", lambda *_: completion(None, message={"role": "assistant", "content": None, "refusal": "no"})


def campaign(folder: Path, until: float) -> Tally:
    """Each fault at one of three articles' answers, and at all of them."""
    tally = Tally("server faults")
    rows = "".join(json.dumps({"id": name, "text": f"The council of {name} met. It voted."}) + "\n" for name in "abc")
    (folder / "rows.jsonl").write_text(rows, "utf-8")
    for number, ((name, fault), always) in enumerate(itertools.product(faults(), (True, False))):
        if time.monotonic() > until:
            break
        tally.tried += 1
        with serving(fault if always else _once(fault)) as server:
            path = folder / f"{number}.yaml"
            path.write_text(
                f"articles: rows.jsonl\nmodels: {{m: {{kind: openai_api, model: {MODEL}, base_url: '{server.url}', "
                "retries: 0, timeout: 5, concurrency: 1}}\nprompts: {p: '{{ article.text }}'}\nverifier: lexical\n"
                f"scorers: [length]\noutput: {folder / str(number)}\n",
                "utf-8",
            )
            try:
                outcome = pipeline.run(config.load(path), use_cache=False)
            except Exception as error:  # noqa: BLE001  # what is counted
                tally.fail(f"{name}: {type(error).__name__}: {error}")
                continue
        made = {summary.article_id: summary for summary in outcome.results.summaries}
        tally.lost += 3 - len(made)
        if any((summary.text is None) == (summary.reason is None) for summary in made.values()):
            tally.fail(f"{name}: a summary with neither text nor reason")
    return tally


def _once(fault: Fault) -> Fault:
    """The fault at the second question alone."""
    return lambda request, before: fault(request, before) if before == 1 else completion("The council met.")
