"""Masking, tried on details that Faker makes up; every one of them must be gone."""

import random
import re

import pytest
from faker import Faker

from bot.knowledge import KnowledgeBase
from bot.language.personal_details.masking import Masker

LOCALES = ("en_US", "en_GB", "en_IN", "en_AU", "de_DE", "fr_FR", "es_ES", "it_IT", "pl_PL", "nl_NL")
EACH = 60


@pytest.fixture(scope="module")
def mask(kb: KnowledgeBase) -> Masker:
    return Masker(words for _, _, words in kb.phrases())


def fakes(seed: int) -> list[Faker]:
    made = []
    for number, locale in enumerate(LOCALES):
        fake = Faker(locale)
        fake.seed_instance(seed + number)
        made.append(fake)
    return made


def details(kind: str, seed: int) -> list[str]:
    found = []
    makers = fakes(seed)
    for number in range(EACH):
        fake = makers[number % len(makers)]
        found.append(str(getattr(fake, kind)()).replace("\n", ", "))
    return found


def leaks(detail: str, masked: str) -> list[str]:
    """The words of the detail that tell something and are still there."""
    kept = {word.lower() for word in re.findall(r"[\w']+", re.sub(r"\[[a-z-]+\]", " ", masked))}
    return [word for word in re.findall(r"[\w']{3,}", detail) if word.lower() in kept]


@pytest.mark.parametrize("frame", ["mail me at {}", "{}", "is {} on your list? what do they earn", "({})"])
def test_mail_addresses_are_masked(frame: str, mask: Masker) -> None:
    for address in details("email", 1):
        masked = mask(frame.format(address))
        assert "[e-mail]" in masked and not leaks(address.partition("@")[0], masked), (address, masked)


@pytest.mark.parametrize("frame", ["call {} please", "{}", "my number is {}, what do ml engineers earn?"])
def test_phone_numbers_are_masked(frame: str, mask: Masker) -> None:
    for number in details("phone_number", 2):
        masked = mask(frame.format(number))
        assert not re.search(r"\d{3}", masked), (number, masked)


@pytest.mark.parametrize(
    "frame",
    ["my name is {} and I like data", "this is {}", "I work with {} on robots", "what does {} earn", "Regards, {}",
     "thanks, I am called {}"],
)  # fmt: skip
def test_names_are_masked(frame: str, mask: Masker) -> None:
    chance = random.Random(3)
    for fake in fakes(3):
        for _ in range(EACH // 6):
            name = f"{fake.first_name()} {fake.last_name()}"
            announced = frame.startswith(("my", "this", "Regards", "thanks"))
            shown = name.lower() if announced and chance.random() < 0.5 else name
            masked = mask(frame.format(shown))
            assert not leaks(shown, masked), (shown, masked)


@pytest.mark.parametrize("frame", ["I live at {}", "{}", "we are at {}, do you teach there?"])
def test_postal_addresses_are_masked(frame: str, mask: Masker) -> None:
    for fake in fakes(4)[:6]:
        for _ in range(EACH // 6):
            street = fake.street_address().replace("\n", ", ")
            masked = mask(frame.format(f"{street}, {fake.postcode()} {fake.city()}"))
            assert not leaks(street, masked), (street, masked)


@pytest.mark.parametrize("kind", ["uri", "ipv6", "uuid4", "iban", "credit_card_number", "ssn"])
def test_links_and_ids_are_masked(kind: str, mask: Masker) -> None:
    for detail in details(kind, 5):
        masked = mask(f"see {detail} please")
        assert masked.startswith("see [") and masked.endswith("] please"), (detail, masked)


@pytest.mark.parametrize(
    "question",
    ["Do ML engineers use Python or Spark?", "What do AI engineers earn in 2026?", "I have 8 years of DevOps",
     "which role is better for someone aged 45", "How do I get from data analyst to ML engineer in 12 months?",
     "is TensorFlow used by both?", "top 10 skills", "what is an LLM", "Can I work with NLP and OpenCV?"],
)  # fmt: skip
def test_questions_stay_readable(question: str, mask: Masker) -> None:
    assert mask(question) == question


def test_control_characters_and_line_breaks_go(mask: Masker) -> None:
    assert mask("what\x1b[31m do\n\u202ethey\x00 earn\ud800") == "what [31m do they earn"


def test_long_nonsense_is_masked_in_no_time(mask: Masker) -> None:
    import time

    started = time.process_time()
    for text in (
        "a@" * 150,
        "1 " * 150,
        "A.b" * 100,
        "x" * 300,
        "12 a " * 60,
        "my name is " * 28,
        ":" * 300,
        "a at b " * 40,
    ):
        mask(text[:300])
    assert time.process_time() - started < 1
