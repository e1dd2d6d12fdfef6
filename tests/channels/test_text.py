"""What people write is read in the same letters on every channel, and what shows nothing counts as nothing."""

import asyncio
import io
import sys
import unicodedata
from typing import Any
from unittest.mock import patch

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.errors import Refusal
from bot.channels.messages import MAX_MESSAGE, message_in
from bot.channels.slack.events import plain
from bot.channels.text import is_blank, is_clean, normalised
from bot.rasa_changes.console import next_line

JOINED = [lambda text, char=char: char.join(text) for char in "\u200b\u00ad\u2060\ufe0f"]
EVERY = [chr(code) for code in range(sys.maxunicode + 1)]
IGNORABLE = regex.findall(r"\p{Default_Ignorable_Code_Point}", "".join(EVERY))
SHOWS_NOTHING = [*IGNORABLE, *(c for c in EVERY if unicodedata.category(c) in ("Zs", "Zl", "Zp", "Cc", "Cs")), "\u2800"]
QUESTION = "what does an ML engineer do?"


def in_console(text: str) -> str | None:
    with patch("sys.stdin", io.StringIO(text)):
        return asyncio.run(next_line(None))


def by_rest(text: str) -> str:
    return message_in({"sender": "a", "message": text}).text


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def bold(text: str) -> str:
    return "".join(
        chr(0x1D400 + ord(c) - 65) if "A" <= c <= "Z" else chr(0x1D41A + ord(c) - 97) if "a" <= c <= "z" else c
        for c in text
    )


@pytest.mark.parametrize("read", [by_rest, plain, in_console])
@pytest.mark.parametrize("disguise", [full_width, bold, *JOINED])
def test_the_same_question_in_other_letters_is_the_same_on_every_channel(read: Any, disguise: Any) -> None:
    assert disguise(QUESTION) != QUESTION
    assert read(disguise(QUESTION)) == QUESTION


def test_no_character_that_shows_nothing_makes_a_message() -> None:
    assert len(IGNORABLE) > 4_000
    assert [hex(ord(char)) for char in SHOWS_NOTHING if not is_blank(char * 3)] == []
    for char in ("\u3164", "\u2800", "\u115f"):
        with pytest.raises(Refusal, match="missing_message"):
            message_in({"sender": "a", "message": f" {char}\n{char}"})


def test_no_invisible_character_stays_inside_a_word() -> None:
    assert [hex(ord(char)) for char in IGNORABLE if normalised(f"ma{char}chine") != "machine"] == []


def test_what_can_be_seen_is_no_empty_message() -> None:
    seen = [c for c in EVERY if unicodedata.category(c)[0] in "LNPS" and c not in SHOWS_NOTHING and c != "\U0001d159"]
    assert [hex(ord(char)) for char in seen if is_blank(char)] == []


@pytest.mark.parametrize("emoji", ["👩‍💻", "❤️", "🏳️‍🌈", "👍🏽", "👨‍👩‍👧"])
def test_emoji_stay_whole(emoji: str) -> None:
    assert normalised(f"hello {emoji}!") == f"hello {emoji}!"


@pytest.mark.parametrize("text", [QUESTION, "C++ & C# – naïve café, “AI”\n\tor ML?", "Что такое ИИ?", "人工智能"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert normalised(text) == text


@given(st.text(st.one_of(st.characters(), st.sampled_from(IGNORABLE[:200]), st.sampled_from("e\u0301❤™\u1100\u1161"))))
def test_what_is_normalised_stays_so_and_is_clean(text: str) -> None:
    once = normalised(text)
    assert normalised(once) == once
    assert is_clean(once)


def test_a_character_that_stands_for_many_does_not_lengthen_a_message_beyond_the_limit() -> None:
    long = "\ufdfa"
    assert len(normalised(long)) > 10
    with pytest.raises(Refusal) as refused:
        message_in({"sender": "a", "message": long * (MAX_MESSAGE // 2)})
    assert refused.value.status == 413
