"""Embeddings of texts that were trained on before, kept in a file, so that a change to a few examples costs little."""

from __future__ import annotations

import contextlib
import hashlib
import os
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.language.encoder import DIMENSIONS, SentenceEncoder, Vectors, encoder_version

MOST_TEXTS = 40_000
"""How many embeddings the file keeps: twice what a training needs, 62 MB."""

_RASA_CACHE_VARIABLE, _RASA_CACHE = "RASA_CACHE_DIRECTORY", ".rasa/cache"

_KEY_BYTES = 16


def embed_for_training(encoder: SentenceEncoder, texts: Sequence[str]) -> Vectors:
    """Embeddings of shape (len(texts), 384): from the file next to Rasa's own cache where known, else new ones.

    The file keeps the texts that were used last. One that cannot be read or written is done without.
    """
    path = cache_file()
    known = _read(path)
    keys = [_key(text) for text in texts]
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if new:
        known.update(zip(new, encoder.encode_many(list(new.values())), strict=True))
        used = dict.fromkeys(keys)
        newest_last = [*(key for key in known if key not in used), *used]
        _write(path, {key: known[key] for key in newest_last[-MOST_TEXTS:]})
    return np.stack([known[key] for key in keys]) if keys else np.zeros((0, DIMENSIONS), np.float32)


def cache_file() -> Path:
    """Where the embeddings of the present encoder are kept: in Rasa's cache folder (``RASA_CACHE_DIRECTORY``)."""
    return Path(os.environ.get(_RASA_CACHE_VARIABLE) or _RASA_CACHE) / f"embeddings-{encoder_version()}.npz"


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:_KEY_BYTES]


def _read(path: Path) -> dict[bytes, Vectors]:
    try:
        with np.load(path, allow_pickle=False) as data:
            keys, vectors = data["keys"], data["vectors"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}
    if keys.shape != (len(vectors), _KEY_BYTES) or vectors.shape[1:] != (DIMENSIONS,):
        return {}
    return dict(zip((key.tobytes() for key in keys), vectors, strict=True))


def _write(path: Path, vectors: dict[bytes, Vectors]) -> None:
    # Another training may read or write at the same time: each sees a whole file.
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        keys = np.frombuffer(b"".join(vectors), np.uint8).reshape(-1, _KEY_BYTES)
        with temporary.open("wb") as file:
            np.savez(file, keys=keys, vectors=np.stack(list(vectors.values())))
        temporary.replace(path)
