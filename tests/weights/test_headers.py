"""Headers of weights from others: absurd counts and sizes are refused before anything is allocated."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest
from gguf import GGUFWriter
from safetensors.numpy import save_file

from harness.weights.headers import faults


def safetensors(path: Path, header: object, data: bytes = b"", length: int | None = None) -> Path:
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text) if length is None else length) + text + data)
    return path


def tensor(shape: list[int], start: int = 0, end: int = 4) -> dict[str, object]:
    return {"w": {"dtype": "F32", "shape": shape, "data_offsets": [start, end]}}


@pytest.mark.parametrize(
    ("header", "length", "said"),
    [
        (tensor([1]), 2**62, "header too large"),
        (tensor([10**9, 10**9]), None, "overflow computing buffer size"),
        (tensor([1], 0, 10**12), None, "invalid shape, data type, or offset"),
        (tensor([1], 8, 4), None, "invalid offset for tensor `w`"),
        (tensor([]) | {"v": tensor([])["w"]}, None, "invalid offset for tensor"),
        ([1], None, "invalid JSON in header"),
        ({"w": 5}, None, "invalid JSON in header"),
    ],
)
def test_an_absurd_safetensors_header_is_refused(tmp_path: Path, header: object, length: int | None, said: str) -> None:
    [fault] = faults(safetensors(tmp_path / "m.safetensors", header, b"1234", length))
    assert fault.startswith("has a header that is none (")
    assert said in fault
    assert "fetch it again from where you trust it" in fault


def test_headers_that_are_as_they_should_be_have_no_fault(tmp_path: Path) -> None:
    """As the libraries write them."""
    weights = np.zeros((3, 4), np.float32)
    save_file({"w": weights, "nothing": np.zeros(0, np.float32)}, tmp_path / "m.safetensors", {"format": "pt"})
    assert list(faults(tmp_path / "m.safetensors")) == []
    writer = GGUFWriter(str(tmp_path / "m.gguf"), "llama")
    writer.add_name("tiny")
    writer.add_context_length(8)
    writer.add_token_list(["a", "b"])
    writer.add_tensor("w", weights)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    assert list(faults(tmp_path / "m.gguf")) == []


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (struct.pack("<4sIQQ", b"GGUF", 3, 2**60, 1), "says it has 1,152,921,504,606,846,976 tensors"),
        (
            struct.pack("<4sIQQ", b"GGUF", 3, 0, 1) + struct.pack("<Q", 2**61),
            "says a text has 2,305,843,009,213,693,952",
        ),
        (struct.pack("<4sIQQ", b"GGUF", 3, 0, 1) + struct.pack("<QcIIQ", 1, b"k", 9, 8, 2**60), "says an array has"),
        (struct.pack("<4sIQQ", b"GGUF", 3, 1, 0) + struct.pack("<QcI", 1, b"t", 10**6), "has 1,000,000 dimensions"),
        (
            struct.pack("<4sIQQ", b"GGUF", 3, 1, 0) + struct.pack("<QcIQQIQ", 1, b"t", 2, 2**40, 2**20, 0, 0),
            "says the tensor 't' has 1,152,921,504,606,846,976 numbers",
        ),
        (struct.pack("<4sIQQ", b"GGUF", 3, 0, 2), "ends inside its header"),
    ],
)
def test_an_absurd_gguf_header_is_refused(tmp_path: Path, header: bytes, said: str) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(header)
    [fault] = faults(path)
    assert said in fault
