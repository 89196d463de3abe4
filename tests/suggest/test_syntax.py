"""The imports of the parser."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import sys
from harness.suggest import syntax
print([token.dep_ for token in syntax.parse('The mayor resigned.')], 'torch' in sys.modules)
import torch
print(torch.ones(2).sum())
"""


@pytest.mark.slow
def test_parsing_does_not_import_torch() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["['det', 'nsubj', 'ROOT', 'punct'] False", "tensor(2.)"]
