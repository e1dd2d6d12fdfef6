"""``python -m benchmarks.encoder``: the sentence encoder beside the graph that its weights come with.

Milliseconds a sentence (median) and megabytes of memory (proportional set size) that loading and running it adds, each
in a process of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

SENTENCES = (
    "and AI?",
    "what tools do ML engineers use",
    "who works with FPGAs and would rather not hear of them again?",
)
_ROUNDS = 50


def main() -> int:
    """Measure both in turn and print them; returns the exit code."""
    for kind in ("ours", "given", "ours", "given"):
        command = [sys.executable, "-W", "ignore", "-m", "benchmarks.encoder", kind]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        print(f"{kind:<6} {done.stdout.strip()}", flush=True)
    return 0


def _measured(kind: str) -> dict[str, float]:
    # Imported before the first look at memory: both need these.
    import onnxruntime  # noqa: F401

    from bot.language.encoder import SentenceEncoder

    before, began = _memory(), time.perf_counter()
    run: Callable[[str], object] = SentenceEncoder(cache_size=0)._run if kind == "ours" else given_graph()
    loaded = time.perf_counter() - began
    found = {"load s": loaded}
    for sentence in SENTENCES:
        taken = []
        for _ in range(_ROUNDS):
            began = time.perf_counter()
            run(sentence)
            taken.append(1000 * (time.perf_counter() - began))
        found[f"{len(sentence.split())} words ms"] = median(taken)
    return {**found, "MB": _memory() - before}


def given_graph() -> Callable[[str], Any]:
    """The graph as it comes with the weights: a sentence to its token vectors, shape (1, tokens, 384)."""
    import numpy as np
    import onnxruntime
    from tokenizers import Tokenizer

    from bot.language.encoder_files import WEIGHTS, WORD_PIECES, checked_file

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    session = onnxruntime.InferenceSession(str(checked_file(WEIGHTS)), options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(checked_file(WORD_PIECES)))
    tokenizer.no_padding()

    def run(sentence: str) -> Any:
        ids = np.array([tokenizer.encode(sentence).ids], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        return session.run(None, feed)[0]

    return run


def _memory() -> float:
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps({name: round(value, 2) for name, value in _measured(sys.argv[1]).items()}))
        sys.exit(0)
    sys.exit(main())
