import importlib.util
from pathlib import Path

import numpy as np
import pytest

from benchmarks.encoder import given_graph
from bot.language.encoder import SentenceEncoder
from bot.language.encoder_files import WEIGHTS, EncoderError, checked_file
from tests.nlu.elsewhere import SENTENCES

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder()


def test_the_graph_is_what_its_script_writes() -> None:
    spec = importlib.util.spec_from_file_location("encoder_graph", PROJECT / "scripts" / "encoder_graph.py")
    assert spec and spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.TARGET.read_bytes() == script.encoder(checked_file(WEIGHTS))


def test_embeddings_are_those_of_the_graph_that_the_weights_come_with(encoder: SentenceEncoder) -> None:
    given = given_graph()
    for sentence in SENTENCES:
        mean = given(sentence).mean(axis=1)[0]
        expected = mean / np.linalg.norm(mean)
        # Products of 8-bit numbers round where those of floats do not.
        assert float(encoder.encode([sentence])[0] @ expected) >= 0.997, sentence


def test_rows_have_length_one_and_do_not_depend_on_their_neighbours(encoder: SentenceEncoder) -> None:
    alone = np.concatenate([SentenceEncoder(cache_size=0).encode([sentence]) for sentence in SENTENCES])
    together = encoder.encode_many(SENTENCES)
    assert together.shape == (len(SENTENCES), 384)
    assert np.array_equal(alone, together)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert encoder.encode_many([]).shape == encoder.encode([]).shape == (0, 384)


def test_long_sentences_are_cut(encoder: SentenceEncoder) -> None:
    assert np.array_equal(encoder.encode(["robot " * 200]), encoder.encode(["robot " * 300]))


def test_half_a_surrogate_pair_is_a_question_mark(encoder: SentenceEncoder) -> None:
    assert np.array_equal(encoder.encode(["hello \ud83d"]), encoder.encode(["hello ?"]))


def test_other_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="not found"):
        SentenceEncoder(tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"other weights")
    with pytest.raises(EncoderError, match="not the pinned"):
        SentenceEncoder(tmp_path)
