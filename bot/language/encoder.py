"""Sentence embeddings from all-MiniLM-L6-v2 (Apache-2.0), int8, on onnxruntime: no hub, no TensorFlow, no PyTorch.

The weights and the tokenizer are files that are checked before they are used (``encoder_files.py``). What is computed
with them stands in minilm.onnx, which scripts/encoder_graph.py writes: products of 8-bit numbers that are exact on
every processor, one sentence at a time, so that an embedding depends neither on the machine nor on the sentences next
to it. Model: Wang et al. 2020 (MiniLM), Reimers and Gurevych 2019 (sentence embeddings).
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from bot.language.encoder_files import HASHES, WEIGHTS, WORD_PIECES, checked_file
from bot.settings import Settings

Vectors = npt.NDArray[np.float32]

DIMENSIONS = 384
MAX_TOKENS = 128
"""Longer inputs are cut; the model was trained on at most 128 word pieces, and cost grows with length."""

_GRAPH = Path(__file__).with_name("minilm.onnx")
_WEIGHTS_FOLDER = "session.model_external_initializers_file_folder_path"


@lru_cache(maxsize=1)
def encoder_version() -> str:
    """A name for what embeddings depend on: the weights, the word pieces and what is computed with them."""
    return hashlib.sha256(HASHES.encode() + str(MAX_TOKENS).encode() + _GRAPH.read_bytes()).hexdigest()[:12]


def session(graph: bytes, directory: Path | None = None, threads: int = 1) -> onnxruntime.InferenceSession:
    """A session of ``graph`` on the weights. Raises EncoderError if they are not as pinned."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # the arena keeps the longest sentence's memory for ever
    # The weights are mapped from their file: of the largest table, workers on one machine share the pages they read.
    options.add_session_config_entry(_WEIGHTS_FOLDER, str(checked_file(WEIGHTS, directory).parent))
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def tokenizer(directory: Path | None = None) -> Tokenizer:
    """Word pieces of a text, at most MAX_TOKENS of them. Raises EncoderError if the file is not as pinned."""
    found = Tokenizer.from_file(str(checked_file(WORD_PIECES, directory)))
    found.enable_truncation(MAX_TOKENS)
    found.no_padding()
    return found


class SentenceEncoder:
    """Turns sentences into unit vectors; remembers the last ``cache_size`` sentences (buttons, repeats).

    Safe to call from several threads: onnxruntime sessions are, and the cache is locked.
    """

    def __init__(self, directory: Path | None = None, threads: int = 1, cache_size: int = 1024) -> None:
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
    """The one encoder of this process (``ENCODER_DIR``, ``ENCODER_THREADS``), loaded on first use.

    Raises SettingsError, and EncoderError if a file is not as pinned.
    """
    settings = Settings.from_environment(only=("ENCODER_DIR", "ENCODER_THREADS"))
    return SentenceEncoder(settings.encoder_dir, settings.encoder_threads)
