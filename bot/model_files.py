"""Files of trained models, as far as that can be told without loading them."""

from __future__ import annotations

import gzip
import tarfile
import zlib
from collections.abc import Sequence
from pathlib import Path

_BLOCK = 1 << 20


def is_whole(model: Path) -> bool:
    """Whether the file is an archive of a model to its last byte: not empty, cut off or altered."""
    try:
        with gzip.open(model) as content, tarfile.open(fileobj=content, mode="r|") as archive:
            names = {member.name.removeprefix("./") for member in archive}
            # What follows the last member, down to the checksum of all.
            while content.read(_BLOCK):
                pass
    except (OSError, EOFError, tarfile.TarError, zlib.error):
        return False
    return "metadata.json" in names


def newest_whole(models: Sequence[Path]) -> Path:
    """The first of the models that is whole, or the first one if none is."""
    return next(filter(is_whole, models), models[0])
