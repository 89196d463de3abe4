"""pip as a child that ends with its parent: a pull that is killed leaves no pip behind that goes on writing.

    python -P pip_child.py PARENT ARGUMENT ...      PARENT: its process id

Run as a file, so that nothing of harness is imported. Linux alone has such a signal (prctl(2), PR_SET_PDEATHSIG).
"""

from __future__ import annotations

import ctypes
import os
import runpy
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    parent = int(sys.argv.pop(1))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it was killed before we asked
            sys.exit(1)
    runpy.run_module("pip", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
