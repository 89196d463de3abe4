"""The imports of the parser."""

from __future__ import annotations

import subprocess
import sys

import pytest

_ROLES = "from harness.checker_en import syntax\nprint([token.dep_ for token in syntax.parse('The mayor resigned.')])\n"


@pytest.mark.slow
@pytest.mark.parametrize(("before", "is_imported"), [("", False), ("import torch\n", True)])
def test_parsing_does_not_import_torch(before: str, is_imported: bool) -> None:
    program = f"import sys\n{before}{_ROLES}print('torch' in sys.modules)\nimport torch\nprint(torch.ones(2).sum())\n"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["['det', 'nsubj', 'ROOT', 'punct']", str(is_imported), "tensor(2.)"]
