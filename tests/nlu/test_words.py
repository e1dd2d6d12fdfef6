from pathlib import Path

import numpy as np
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.language.words import WordFeatures

TEXTS = [
    line[2:]
    for block in yaml.safe_load((Path(__file__).parent / "questions.yml").read_text(encoding="utf-8"))["nlu"][:6]
    for line in block["examples"].splitlines()
]
FEATURES = WordFeatures.fit(TEXTS)


@given(st.one_of(st.sampled_from(TEXTS), st.text(), st.lists(st.sampled_from(FEATURES.vocabulary)).map(" ".join)))
def test_one_row_is_the_row_of_the_matrix(text: str) -> None:
    columns, values = FEATURES.row(text)
    row = np.zeros(len(FEATURES.vocabulary), np.float32)
    row[columns] = values
    np.testing.assert_allclose(row, FEATURES.matrix([text]).toarray()[0], rtol=1e-6)
