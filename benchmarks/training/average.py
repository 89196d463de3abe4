"""An adapter half way between one that was trained and that which its training went on from.

What a training learns anew it pays for with some of what was known; the mean of the two weights keeps more of both than
either has (Wortsman et al. 2022, Robust fine-tuning of zero-shot models).
"""

from __future__ import annotations

import shutil
from pathlib import Path

from peft import get_peft_model_state_dict
from safetensors.torch import load_file, save_file

from benchmarks.training.train import continue_from, network

_ADAPTER = "adapter_model.safetensors"


def averaged(trained: Path, before: Path, backbone: Path, into: Path) -> Path:
    """Write the mean adapter into a new folder, which is given back; ``before`` is as ``export.py`` wrote it."""
    model = network(backbone)
    continue_from(model, before)
    first, last = get_peft_model_state_dict(model), load_file(trained / _ADAPTER)
    shutil.copytree(trained, into)
    save_file({name: ((first[name] + last[name]) / 2).contiguous() for name in last}, into / _ADAPTER)
    return into
