"""Files that hold what people wrote, or what signs their tokens, are their owner's only."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

UMASK = 0o077


def make_private(*paths: Path) -> None:
    """Take away what others may do with a file or folder; one that is missing or somebody else's stays as it is."""
    for path in paths:
        with contextlib.suppress(OSError):
            mode = stat.S_IMODE(path.stat().st_mode)
            if mode & UMASK:
                os.chmod(path, mode & ~UMASK)
