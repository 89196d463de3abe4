"""Progress bars, sequences in a file, thread counts, and samples and signatures of plugins from other packages."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SerializeAsAny

from harness import cores, progress
from harness.errors import StoreError
from harness.files import Spool
from harness.seams import FilePath, GenerativeModel, Model, Verifier


def test_listener_gets_each_step_new_totals_and_batches() -> None:
    seen: list[tuple[int, int]] = []
    with progress.report_to(lambda done, total: seen.append((done, total))):
        with progress.bar("verify", 4) as advance:
            advance(1)
            advance(2, total=6)
        assert list(progress.batches("verify", [1, 2, 3, 4, 5], 2)) == [[1, 2], [3, 4], [5]]
    assert seen == [(0, 4), (1, 4), (3, 6), (0, 5), (2, 5), (4, 5), (5, 5)]


def test_listener_is_limited_to_its_thread_and_block() -> None:
    seen: list[tuple[int, int]] = []

    def work() -> None:
        with progress.bar("verify", 4) as advance:
            advance(1)

    with progress.report_to(lambda done, total: seen.append((done, total))):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    work()
    assert seen == []


def test_bar_without_a_total_is_hidden(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress.bar("verify", 0) as advance:
        advance(0, total=0)
        assert capsys.readouterr().err == ""
        advance(1, total=3)
    assert "1/3" in capsys.readouterr().err


def test_logs_show_how_far_a_stage_is(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A run in CI may take an hour, and a log has no bars."""
    monkeypatch.setattr(progress, "LINE_EVERY", 0.0)
    with progress.bar("verify", 0) as advance:
        advance(0, total=3)
        advance(2)
        advance(1)
    assert capsys.readouterr().err.splitlines() == [f"harness: verify: {done} of 3" for done in (0, 2, 3)]


@given(st.lists(st.text(max_size=20)), st.data())
def test_spool_returns_its_values_by_number(values: list[str], data: st.DataObject) -> None:
    spool = Spool[str]()
    for written, value in enumerate(values, start=1):
        spool.append(value)
        number = data.draw(st.integers(0, written - 1))
        assert (len(spool), spool[number]) == (written, values[number])
    assert [spool[number] for number in range(len(spool))] == values


def test_several_threads_read_a_spool_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows has no os.pread, which needs no lock."""
    monkeypatch.delattr(os, "pread", raising=False)
    values, spool = [str(number) * 5000 for number in range(20)], Spool[str]()
    for value in values:
        spool.append(value)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(spool.__getitem__, [*range(20)] * 20)) == values * 20


@pytest.mark.filterwarnings("error")
def test_spool_closes_its_file_on_a_full_disk_too(monkeypatch: pytest.MonkeyPatch) -> None:
    Spool[str]()
    full = Path("/dev/full")
    monkeypatch.setattr("tempfile.TemporaryFile", lambda prefix: full.open("w+b"))
    with pytest.raises(StoreError, match="No space left"):
        Spool[str]().append("text")


@pytest.mark.parametrize(
    ("said", "expected"), [("3", 3), ("4,2", 4), (" 2 ", 2), ("", None), ("0", None), ("many", None)]
)
def test_omp_num_threads_or_cores_set_threads(monkeypatch: pytest.MonkeyPatch, said: str, expected: int | None) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", said)
    assert cores.count_threads() == (expected or cores.count_cores())


def test_without_affinity_all_cores_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """macOS and Windows have no affinity."""
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert cores.count_cores() == 6


IMPORTS = ("from theirs import helper", "from theirs.helper import X", "from . import helper", "import theirs.helper")


def test_changed_helper_of_the_plugins_package_changes_the_version(tmp_path: Path) -> None:
    """The version is the same in Python 3.11 and 3.13."""
    package = tmp_path / "theirs"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "helper.py").write_text("def X(n) -> str:\n    return f'{n!r:>3} \U0001fae9'\n", "utf-8")
    for number, line in enumerate(IMPORTS):
        (package / f"plugin{number}.py").write_text(f"{line}\n")
    before = read_versions(tmp_path)
    assert before[0] == "2fc85034"
    (package / "helper.py").write_text("X = 2\n")
    assert [old == new for old, new in zip(before, read_versions(tmp_path), strict=True)] == [False] * len(IMPORTS)


def read_versions(folder: Path) -> list[str]:
    """The versions of the plugins in a new process, because a process reads each module's code once."""
    script = "from harness.signature import code_version\n"
    script += f"for number in range({len(IMPORTS)}): print(code_version(f'theirs.plugin{{number}}'))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), *sys.path])}
    command = [sys.executable, "-c", script]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=True).stdout.split()


class WeightsFromFile(Verifier):
    weights: FilePath


def test_signature_has_a_files_content_not_its_path(tmp_path: Path) -> None:
    for name, text in (("here", "1"), ("there", "1"), ("other", "2")):
        (tmp_path / name).write_text(text)
    names = ("here", "there", "other", "missing")
    here, there, other, missing = (WeightsFromFile(weights=tmp_path / name).signature() for name in names)
    assert "|weights:6b86b273|" in here  # sha256 of "1": sha256sum
    assert here == there != other
    assert f"|weights:{tmp_path}/missing|" in missing  # check() reports it


class Parrot(GenerativeModel):
    pass


class SamplingParrot(Parrot):
    @property
    def sampled(self) -> bool:
        return True


def test_only_models_that_sample_take_several_samples() -> None:
    with pytest.raises(ValueError, match=r":Parrot does not sample, so all 3 samples are identical; set samples: 1"):
        Parrot(samples=3)
    assert SamplingParrot(samples=3).samples == 3


class Ensemble(Model):
    members: tuple[SerializeAsAny[Model], ...]


def test_signature_distinguishes_nested_plugins_with_equal_options() -> None:
    assert Ensemble(members=(Parrot(),)).signature() != Ensemble(members=(SamplingParrot(),)).signature()
