"""Finding a GPU, and recognising out-of-memory errors."""

from __future__ import annotations

import errno
import sys
from pathlib import Path

import pytest
import torch

from harness.errors import ModelError
from harness.weights import plugin
from harness.weights.load import require_memory


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere torch is always asked")
@pytest.mark.parametrize(
    ("driver", "torch_has_it", "kind"), [(True, True, "cuda"), (True, False, None), (False, True, None)]
)
def test_gpu_needs_a_driver_and_a_torch_that_supports_it(
    driver: bool, torch_has_it: bool, kind: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a driver file torch is not imported, which would take seconds."""
    if driver:
        (tmp_path / "nvidiactl").touch()
    monkeypatch.setattr(plugin, "_GPU_FILES", (str(tmp_path / "nvidiactl"),))
    monkeypatch.setattr(torch.cuda, "is_available", lambda: torch_has_it)
    assert plugin.find_gpu.__wrapped__() == kind


def test_out_of_memory_says_what_to_do() -> None:
    with (
        pytest.raises(ModelError, match=r"^tiny does not fit into memory; take less$"),
        require_memory("tiny", "take less"),
    ):
        torch.empty(2**50)


def test_enomem_counts_as_out_of_memory() -> None:
    with pytest.raises(ModelError, match="does not fit into memory"), require_memory("tiny", "take less"):
        raise OSError(errno.ENOMEM, "Cannot allocate memory")


def test_other_errors_are_raised_unchanged() -> None:
    with pytest.raises(RuntimeError, match="size"), require_memory("tiny", "take less"):
        torch.zeros(2) @ torch.zeros(3)
