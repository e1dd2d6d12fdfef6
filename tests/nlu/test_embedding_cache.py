from pathlib import Path

import numpy as np
import pytest

from bot.language import embedding_cache
from bot.language import encoder as encoder_module
from bot.language.embedding_cache import cache_file, embed_for_training
from bot.language.encoder import SentenceEncoder, shared_encoder

TEXTS = ["what tools do ml engineers use", "who trains models", "hello", "what tools do ml engineers use"]


class Counting:
    """An encoder that says how many texts it was asked for."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def encode_many(self, texts: list[str]) -> np.ndarray:
        self.asked.append(len(texts))
        return shared_encoder().encode_many(texts)


@pytest.fixture
def encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counting:
    monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path / "cache"))
    return Counting()


def test_a_text_is_embedded_once(encoder: Counting) -> None:
    first = embed_for_training(encoder, TEXTS)
    again = embed_for_training(encoder, [*TEXTS, "something new"])
    assert encoder.asked == [3, 1]
    assert np.array_equal(again[:4], first)
    assert np.allclose(first, np.concatenate([shared_encoder().encode([text]) for text in TEXTS]), atol=1e-5)


def test_nothing_to_embed(encoder: Counting) -> None:
    assert embed_for_training(encoder, []).shape == (0, 384)


@pytest.mark.parametrize("content", [b"", b"not a zip file", b"PK\x03\x04 cut off"])
def test_a_damaged_file_is_replaced(encoder: Counting, content: bytes) -> None:
    expected = embed_for_training(encoder, TEXTS)
    cache_file().write_bytes(content)
    assert np.array_equal(embed_for_training(encoder, TEXTS), expected)
    embed_for_training(encoder, TEXTS)
    assert encoder.asked == [3, 3]


def test_a_file_with_other_shapes_is_replaced(encoder: Counting) -> None:
    cache_file().parent.mkdir()
    np.savez(cache_file(), keys=np.zeros((2, 16), np.uint8), vectors=np.zeros((2, 3), np.float32))
    assert embed_for_training(encoder, TEXTS).shape == (4, 384)


def test_a_folder_that_cannot_be_written_is_done_without(encoder: Counting) -> None:
    cache_file().parent.write_bytes(b"a file where the folder should be")
    assert embed_for_training(encoder, TEXTS).shape == (4, 384)


def test_the_file_keeps_what_was_used_last(encoder: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding_cache, "MOST_TEXTS", 3)
    embed_for_training(encoder, ["a", "b", "c"])
    embed_for_training(encoder, ["d", "a"])
    embed_for_training(encoder, ["d", "a", "c"])
    assert encoder.asked == [3, 1]
    embed_for_training(encoder, ["b"])
    assert encoder.asked == [3, 1, 1]


def test_vectors_of_another_graph_are_not_used_again(
    encoder: Counting, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    embed_for_training(encoder, TEXTS)
    changed = tmp_path / "changed.onnx"
    changed.write_bytes(encoder_module._GRAPH.read_bytes() + b"\0")
    monkeypatch.setattr(encoder_module, "_GRAPH", changed)
    encoder_module.encoder_version.cache_clear()
    try:
        embed_for_training(encoder, TEXTS)
    finally:
        encoder_module.encoder_version.cache_clear()
    assert encoder.asked == [3, 3]


def test_batches_give_the_vectors_of_single_texts() -> None:
    texts = [f"{text} {'and more ' * number}" for number in range(12) for text in TEXTS]
    alone = np.concatenate([SentenceEncoder(cache_size=0).encode([text]) for text in texts[:3]])
    assert np.allclose(shared_encoder().encode_many(texts)[:3], alone, atol=1e-5)
