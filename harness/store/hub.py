"""A model from the hub, where it answers."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.errors import StoreError, first_line
from harness.store.catalogue import Hub, Packaged
from harness.store.progress import Report, megabytes
from harness.store.unpack import copy

_ANSWER_WITHIN = 3.0
"""Seconds that the hub has to answer before the package index is asked."""


class NotServedError(Exception):
    """Why the hub does not give a model; the package index remains."""


def fetch(packaged: Packaged, source: Hub, staging: Path, report: Report) -> Path:
    """A folder below ``staging`` with the model's files, all checked; NotServedError where the hub has them not."""
    _ask(source, packaged.files[0].path)
    report.say(f"{packaged.name}: fetching {megabytes(packaged.size)} from the hub")
    download, model = staging / "hub", staging / "from-hub"
    with report.watching(download, "fetching", packaged.size), _without_its_bars():
        for file in packaged.files:
            _download(source, file.path, download)
    try:
        for file in packaged.files:
            with (download / file.path).open("rb") as fetched:
                copy(file, fetched, model)
    except StoreError as error:
        raise NotServedError(f"the hub serves other bytes: {error}") from None
    return model


def _ask(source: Hub, path: str) -> None:
    """Return if the hub answers for a file in time. A thread, as no timeout bounds the look-up of a host name."""
    answer: queue.Queue[Exception | None] = queue.Queue()
    threading.Thread(target=lambda: answer.put(_head(source, path)), daemon=True).start()
    try:
        error = answer.get(timeout=_ANSWER_WITHIN)
    except queue.Empty:
        raise NotServedError(f"the hub does not answer within {_ANSWER_WITHIN:.0f} s") from None
    if error is not None:
        raise NotServedError(f"the hub cannot be used: {_why(error)}")


def _head(source: Hub, path: str) -> Exception | None:
    from huggingface_hub import get_hf_file_metadata, hf_hub_url

    try:
        get_hf_file_metadata(hf_hub_url(source.repo, path, revision=source.revision), timeout=_ANSWER_WITHIN)
    except Exception as error:  # noqa: BLE001  # its errors come from an HTTP library that changes with its version
        return error
    return None


def _download(source: Hub, path: str, into: Path) -> None:
    from huggingface_hub import hf_hub_download

    try:
        hf_hub_download(source.repo, path, revision=source.revision, local_dir=into)
    except Exception as error:  # noqa: BLE001  # as above; a full disk shows again, and is named, at the next source
        raise NotServedError(f"the hub broke off: {_why(error)}") from None


@contextmanager
def _without_its_bars() -> Iterator[None]:
    """One a file; ours shows the whole model, and they would draw over it."""
    from huggingface_hub.utils.tqdm import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars

    shown = not are_progress_bars_disabled()
    if shown:
        disable_progress_bars()
    try:
        yield
    finally:
        if shown:
            enable_progress_bars()


def _why(error: Exception) -> str:
    return first_line(error.__cause__ or error)  # the client wraps what went wrong in advice about its own cache
