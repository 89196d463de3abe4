"""Room on the disk: asked for before a pull, and named when it runs out."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""A full disk, a full quota, a file larger than the disk or a limit of the process allows."""


def require(folder: Path, count: int) -> None:
    """OSError as of a full disk, where fewer than ``count`` bytes are free."""
    if shutil.disk_usage(folder).free < count:
        raise full(errno.ENOSPC)


def full(number: int) -> OSError:
    """The error that the system raises with a number."""
    return OSError(number, os.strerror(number))


def named_in(text: str) -> OSError | None:
    """The error of ``NO_ROOM`` that another program's message names, if it names one."""
    return next((full(number) for number in NO_ROOM if os.strerror(number) in text), None)
