"""What people say about who they are is left out; what they do, know, like and ask about stays."""

from pathlib import Path

import pytest
import yaml

from bot.language.encoder import shared_encoder
from bot.language.personal_details import PersonalDetails
from bot.language.spelling import Speller

PROJECT = Path(__file__).resolve().parents[2]
SPELLER = Speller({}, {"i'm": "i am", "y/o": "year old", "2": "to"})
WORDS = yaml.safe_load((PROJECT / "data" / "personal_details.yml").read_text(encoding="utf-8"))
DETAILS = PersonalDetails.fit(WORDS, SPELLER.normalise, shared_encoder().encode_many)


def neutral(message: str) -> str:
    return DETAILS.neutral(message, SPELLER.normalise(message)).text


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("I'm a 45 year old mother from Brazil, who uses Spark?", "who uses spark?"),
        ("My name is Aisha and what do they build", "what do they build"),
        ("My name is María José Pérez, what do they build", "what do they build"),
        ("as a Harvard graduate, which role fits me?", "which role fits me?"),
        ("which role fits me as a Harvard graduate?", "which role fits me?"),
        ("Which role fits me? I'm a father of 3.", "which role fits me?"),
        ("hi, I'm Mohammed from Egypt. what do they build?", "what do they build?"),
        ("i'm aisha, who uses spark", "who uses spark"),
        ("Nnamdi here, who uses spark", "who uses spark"),
        ("I'm Dr. Grace Hopper and I love robots", "i love robots"),
        ("I'm a 23 y/o guy from Nigeria, which one?", "which one?"),
        ("I am in my late fifties and I love robots", "i love robots"),
        ("I have 2 kids and what do I need", "what do i need"),
        ("I graduated from Stanford in 2010, what now", "what now"),
        ("I studied at the University of Lagos, what now", "what now"),
        ("I'm a final year student at MIT, what now", "what now"),
        ("since I am a 60 year old woman, which role should I choose?", "which role should i choose?"),
        # What is left of a sentence goes on.
        ("I'm 45 and work in marketing", "i work in marketing"),
        ("I'm a 45 year old teacher, what now", "i am a teacher, what now"),
        ("I'm a nurse from Brazil and I love robots", "i am a nurse and i love robots"),
        ("I'm a woman in tech, what now", "i am in tech, what now"),
        ("As a mother who loves statistics, what now", "i love statistics, what now"),
        ("I have a degree in physics from Oxford, what now", "i have a degree in physics, what now"),
        # Nothing else: the same sentence for everybody.
        ("I'm a 45 year old mother from Brazil", "which of the two careers suits me"),
        ("I have two kids", "which of the two careers suits me"),
        ("Hi, I'm Bob", "hello"),
        ("hi bob", "hi bob"),
        ("Hello there, who uses Spark?", "who uses spark?"),
        ("my name is Bob", "hello"),
    ],
)
def test_self_descriptions_are_left_out(message: str, expected: str) -> None:
    assert neutral(message) == expected


@pytest.mark.parametrize(
    "message",
    [
        "I'm a 5 year DevOps engineer, which role fits me?",
        "I have 8 years of DevOps behind me",
        "I have 20 years of experience",
        "I am a nurse, which role fits me",
        "I'm New to ML, where do I start",
        "I'm a CS student, which role fits me",
        "as a data analyst, what do I lack",
        "which university degree do I need",
        "do I need a degree from Stanford",
        "am I too old at 45",
        "I'm 45, am I too old?",
        "is it harder for women",
        "as a woman, is it harder to get in?",
        "I'm from India, do I need a visa?",
        "I have kids, are these jobs family friendly?",
        "explain AI like I'm a child",
        "do you treat the model as a black box",
        "how does it change as China grows",
        "how is AI used in Brazil",
        "my son wants to be an AI engineer, what is that",
        "this is hard",
        "call me when you are done",
    ],
)
def test_content_stays(message: str) -> None:
    assert neutral(message) == SPELLER.normalise(message).text


def test_offsets_still_point_into_the_message() -> None:
    message = "I'm a mother from Brazil, who uses Spark?"
    for token in DETAILS.neutral(message, SPELLER.normalise(message)).tokens:
        assert message[token.start : token.end].lower() == token.text
