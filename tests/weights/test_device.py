"""What counts as memory that has run out."""

from __future__ import annotations

import errno

import pytest
import torch

from harness.errors import ModelError
from harness.weights.device import enough_memory


def test_running_out_of_memory_says_what_to_do() -> None:
    with (
        pytest.raises(ModelError, match=r"^tiny does not fit into memory; take less$"),
        enough_memory("tiny", "take less"),
    ):
        torch.empty(2**50)


def test_weights_that_cannot_be_mapped_are_memory_too() -> None:
    with pytest.raises(ModelError, match="does not fit into memory"), enough_memory("tiny", "take less"):
        raise OSError(errno.ENOMEM, "Cannot allocate memory")


def test_another_fault_stays_what_it_is() -> None:
    with pytest.raises(RuntimeError, match="size"), enough_memory("tiny", "take less"):
        torch.zeros(2) @ torch.zeros(3)
