"""Masking, tried on details that Faker makes up; every one of them must be gone."""

import random
import re
import time

import pytest
from faker import Faker

from bot.insights.masking import Masker
from bot.knowledge import KnowledgeBase

LOCALES = ("en_US", "en_GB", "en_IN", "en_AU", "de_DE", "fr_FR", "es_ES", "it_IT", "pl_PL", "nl_NL")
EACH = 60


@pytest.fixture(scope="module")
def mask(kb: KnowledgeBase) -> Masker:
    return Masker(kb)


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


PIECES = (
    "p.o.", "a.a-", "1.1.", "1.p.o.", "de12", "a'de12", "Bob-", "Bob. ", "Bob, ", "Bob 1 ", "www.", "str.", "x@", "a@",
    "a x@", "a at b ", "a dot ", "@a@b", "1 ", "12 a ", "1 rue de ", "my name is ", "Regards, ", ":", "a1_", "[name] ",
    "é’", "'", '"(', "1-1/", "A, ", "b" * 79 + " ", "p.o." * 20 + " ",
)  # fmt: skip


def _seconds(mask: Masker, text: str) -> float:
    """Processor time, so that other programs do not count; of several tries the quickest."""
    times = []
    for _ in range(4):
        started = time.process_time()
        mask(text)
        times.append(time.process_time() - started)
    return min(times)


@pytest.mark.parametrize("piece", PIECES)
def test_the_work_grows_with_the_length_of_a_text_and_not_with_its_square(piece: str, mask: Masker) -> None:
    for _ in range(4):
        short, long = (_seconds(mask, (piece * size)[:size]) for size in (500, 4_000))
        # 8 if the work grows with the length, 64 if with its square.
        if long < 24 * short:
            return
    raise AssertionError(f"{piece!r}: {long / short:.0f} times the work for 8 times the text")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("see https://example.com/" + "a/" * 60 + " please", "see [link] please"),
        ("mail " + "p.o." * 30 + "@example.com please", "mail [e-mail] please"),
        ("it is " + "ab-1." * 40 + " please", "it is [id] please"),
        ("(http://example.com/" + "x" * 100 + ")", "[link]"),
    ],
)
def test_a_word_too_long_to_look_into_is_masked_as_a_whole(text: str, masked: str, mask: Masker) -> None:
    assert mask(text) == masked
