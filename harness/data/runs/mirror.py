"""A results folder that lies elsewhere, at a URL: a run works in a copy on this machine and sends it at checkpoints.

Object stores cannot append to a file, and records are appended as they are made. So the copy is what a killed run goes
on from; what lies at the URL is at most ``EVERY`` seconds behind, and whole when the command has ended. A file there,
``.sent``, names the last sending: where the copy's is another, another machine went on with the run, and the copy is
fetched anew; where it changes while a run goes on here, nothing is overwritten. What a copy holds that was never
sent is moved to a folder beside it before the copy is fetched anew.
"""

from __future__ import annotations

import json
import shutil
import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout

from harness import progress
from harness.data.remote import located
from harness.data.runs.results import is_manifest
from harness.errors import HarnessError, RunFolderError, first_line
from harness.files import show, url, write_text
from harness.signature import digest
from harness.store import home

EVERY = 300.0
"""Seconds between two sendings of what has changed."""
_MANIFEST = "manifest.json"
_SENT = ".sent"
_STAMPS = ".stamps.json"
_LOCK = ".lock"
_FETCHING = "fetching"
"""The token of a copy that was not fetched to its end: all that it holds lies at the URL."""
_SHOWN = 3
"""Files of others that a message names."""


@contextmanager
def working(path: Path) -> Iterator[Path]:
    """The folder to work in for a run at a path: the path itself or, for a URL, a copy that is sent there.

    RunFolderError where the place cannot be reached, or where another machine writes the run; nothing is lost then.
    """
    address = url(path)
    if address is None:
        yield path
        return
    copy = _LocalCopy(address, path)
    copy.fetch()
    copy.send()  # so that a place that cannot be written is known at the start
    ended = threading.Event()
    keeper = threading.Thread(target=copy.keep, args=(ended,), daemon=True)
    keeper.start()
    try:
        yield copy.folder
    finally:
        ended.set()
        keeper.join()
        copy.send()


def copied(path: Path) -> Path:
    """The folder of a run at a path, to be read: the path itself, or a copy of what lies at the URL.

    RunFolderError where no run lies there, or the place cannot be reached.
    """
    address = url(path)
    if address is None:
        return path
    copy = _LocalCopy(address, path)
    copy.fetch()
    if not (copy.folder / _MANIFEST).is_file():
        raise RunFolderError(f"{address} is not a run: it has no manifest.json")
    return copy.folder


class _LocalCopy:
    """The copy of a run at a URL, in the user's own folder."""

    def __init__(self, address: str, path: Path) -> None:
        self._address, self._remote = address, located(path)
        self.folder = home() / "runs" / f"{path.name}-{digest(address)[:8]}"

    def fetch(self) -> None:
        """Bring the copy up to date, unless it is what was sent last or newer, or a run is at work in it."""
        with self._reaching("read"):
            token = self._remote_token()
            if token is None or token == _token(self.folder):
                return
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                with FileLock(self.folder / _LOCK, timeout=0):
                    self._replace(token)
            except Timeout:  # what is written here now is newer, and the run is told when it sends
                return

    def _replace(self, token: str) -> None:
        """Put what lies at the URL in place of the copy, and what was never sent of the copy beside it."""
        if _token(self.folder) != _FETCHING and self._stamps() != self._sent_files():
            self._set_aside(token)
        self._record_sending(_FETCHING, {})
        for entry in list(self.folder.iterdir()):
            if entry.is_dir():
                shutil.rmtree(entry)
            elif entry.name not in (_LOCK, _SENT, _STAMPS):
                entry.unlink()
        for file in self._remote.rglob("*"):
            if file.is_file():
                _transfer(file, self.folder / self._relative(file))
        self._record_sending(token, self._stamps())

    def _set_aside(self, token: str) -> None:
        """Move all that the copy holds to a folder beside it, which is named after the sending that takes its place."""
        aside = self.folder.with_name(f"{self.folder.name}.unsent-{digest(token)[:8]}")
        aside.mkdir(exist_ok=True)
        for entry in list(self.folder.iterdir()):
            if entry.name != _LOCK:
                entry.rename(aside / entry.name)
        progress.note(
            f"{self._address} was written by another machine; what was made here and not sent is in {show(aside)}"
        )

    def keep(self, ended: threading.Event) -> None:
        """Send what has changed from time to time; what fails is tried again the next time."""
        while not ended.wait(EVERY):
            with suppress(HarnessError):
                self.send()

    def send(self) -> None:
        """Send the files that changed since the last time, and remove those that are gone here."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._reaching("written"):
            before, remote_token = _token(self.folder), self._remote_token()
            if remote_token not in (None, before):
                raise RunFolderError(
                    f"{self._address} was written by another machine meanwhile, and is left as it is; what was made "
                    f"here is in {self.folder}"
                )
            files, sent = self._stamps(), self._sent_files() if remote_token is not None else {}
            if remote_token is None:
                self._refuse_others(files)
            for name in files:
                if sent.get(name) != files[name]:
                    _transfer(self.folder / name, self._remote / name)
            for name in sent.keys() - files.keys():
                (self._remote / name).unlink(missing_ok=True)
            token = uuid.uuid4().hex
            self._remote.mkdir(parents=True, exist_ok=True)
            (self._remote / _SENT).write_text(token, encoding="utf-8")
            self._record_sending(token, files)

    def _remote_token(self) -> str | None:
        """The name of the last sending; of a run that was copied there by other means, a hash of its manifest."""
        manifest = self._remote / _MANIFEST
        token = _token(self._remote)
        if token is None and manifest.exists() and is_manifest(text := manifest.read_text(encoding="utf-8")):
            return digest(text)
        return token

    def _refuse_others(self, files: Iterable[str]) -> None:
        """RunFolderError where files lie at the URL that this copy does not have: no run was sent there yet."""
        there = (self._relative(file) for file in self._remote.rglob("*") if file.is_file())
        if others := list(islice((name for name in there if name not in files), _SHOWN)):
            raise RunFolderError(
                f"{self._address} holds files that no run of harness made ({', '.join(others)}); choose another place"
            )

    def _relative(self, file: Path) -> str:
        return str(PurePosixPath(str(file.relative_to(self._remote))))

    def _stamps(self) -> dict[str, str]:
        """The files that are sent, each with what tells its states apart: a clock that jumps cannot order them."""
        states = {name: (self.folder / name).stat() for name in _files(self.folder)}
        return {name: f"{stat.st_mtime_ns} {stat.st_size}" for name, stat in states.items()}

    def _record_sending(self, token: str, files: Mapping[str, str]) -> None:
        write_text(self.folder / _STAMPS, json.dumps(files))
        write_text(self.folder / _SENT, token)

    def _sent_files(self) -> dict[str, str]:
        """The files as they were when they were sent last."""
        file = self.folder / _STAMPS
        return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}

    @contextmanager
    def _reaching(self, what: str) -> Iterator[None]:
        try:
            yield
        except HarnessError:
            raise
        except Exception as error:  # noqa: BLE001  # what a file system elsewhere raises is not documented
            raise RunFolderError(
                f"{self._address} cannot be {what}: {first_line(error)}; check the address, the network and your "
                f"rights, and run the same command again: what was made is in {self.folder}"
            ) from None


def _transfer(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as there, target.open("wb") as here:
        shutil.copyfileobj(there, here)


def _token(folder: Path) -> str | None:
    """The name of the sending that a folder holds; None where nothing was sent."""
    file = folder / _SENT
    return file.read_text(encoding="utf-8") if file.exists() else None


def _files(folder: Path) -> list[str]:
    """The files that are sent, by their path in the folder: not the lock, nor what is being written."""
    paths = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())
    return [path.as_posix() for path in paths if not path.name.startswith(".")]
