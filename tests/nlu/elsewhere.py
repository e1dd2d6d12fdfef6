"""What one processor makes of a few sentences: ``python tests/nlu/elsewhere.py RESULT``, also under emulation."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from bot.language.encoder import SentenceEncoder, Vectors
from bot.language.softmax import Scores, SoftmaxClassifier

EXAMPLES = {
    "travel": [
        "when does the night train to Vienna leave",
        "Is there a ferry on Sundays?",
        "how much luggage may I bring",
        "My flight was cancelled and nobody at the desk could tell me what I should do next, so what now?",
        "bus!",
    ],
    "cooking": [
        "how long do lentils have to boil",
        "a cake without eggs or milk",
        "my bread never rises, whatever flour I take, and I have tried it with yeast, sourdough and baking powder",
        "Crème brûlée für 4",
        "whats a good substitute 4 butter??",
    ],
    "engineering": [
        "which languages do people write compilers in",
        "the server is slow after the update",
        "what does a data engineer do all day",
        "who trains the models, and who puts them into production once they are trained and measured?",
        "SELECT name FROM users WHERE id = 7",
    ],
    "health": [
        "my back hurts when I sit",
        "how much sleep does a grown-up need",
        "can I run with a cold",
        "",
        "I feel dizzy each time that I get up quickly, mostly in the morning and never after lunch",
    ],
}
SENTENCES = [text for texts in EXAMPLES.values() for text in texts]
QUESTIONS = ["a train with beds", "soup for six", "why is my query slow", "should I see a doctor", "robots 🤖 朝"]


def embedded_and_decided(threads: int = 1) -> tuple[Vectors, Scores]:
    """Embeddings of SENTENCES, and the probabilities of a classifier that is trained on them for QUESTIONS."""
    encoder = SentenceEncoder(threads=threads)
    vectors = encoder.encode(SENTENCES)
    labels = [label for label, texts in EXAMPLES.items() for _ in texts]
    classifier = SoftmaxClassifier.fit(SENTENCES, vectors, labels, strength=10.0, word_weight=0.3)
    found = [classifier.probabilities(text, encoder.encode([text])[0]) for text in QUESTIONS]
    return vectors, np.stack(found)


if __name__ == "__main__":
    embeddings, probabilities = embedded_and_decided()
    np.savez(Path(sys.argv[1]), embeddings=embeddings, probabilities=probabilities)
