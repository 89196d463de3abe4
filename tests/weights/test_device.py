"""Which GPU is seen, and what counts as memory that has run out."""

from __future__ import annotations

import errno
import sys
from pathlib import Path

import pytest
import torch

from harness.errors import ModelError
from harness.weights import device
from harness.weights.device import require_memory


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere torch is always asked")
@pytest.mark.parametrize(
    ("driver", "torch_has_it", "kind"), [(True, True, "cuda"), (True, False, None), (False, True, None)]
)
def test_torch_is_asked_for_a_gpu_where_the_system_has_a_driver(
    driver: bool, torch_has_it: bool, kind: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A torch for the CPU alone uses no GPU; without a driver's file torch is not imported, which takes seconds."""
    if driver:
        (tmp_path / "nvidiactl").touch()
    monkeypatch.setattr(device, "_GPU_FILES", (str(tmp_path / "nvidiactl"),))
    monkeypatch.setattr(torch.cuda, "is_available", lambda: torch_has_it)
    assert device.find_gpu.__wrapped__() == kind


def test_running_out_of_memory_says_what_to_do() -> None:
    with (
        pytest.raises(ModelError, match=r"^tiny does not fit into memory; take less$"),
        require_memory("tiny", "take less"),
    ):
        torch.empty(2**50)


def test_weights_that_cannot_be_mapped_are_memory_too() -> None:
    with pytest.raises(ModelError, match="does not fit into memory"), require_memory("tiny", "take less"):
        raise OSError(errno.ENOMEM, "Cannot allocate memory")


def test_another_fault_stays_what_it_is() -> None:
    with pytest.raises(RuntimeError, match="size"), require_memory("tiny", "take less"):
        torch.zeros(2) @ torch.zeros(3)
