"""Text from outside: what of it may go further."""

from __future__ import annotations

import unicodedata

_LAYOUT = "\n\t"
_UNWANTED = frozenset({"Cc", "Cs"})  # control characters, and halves of surrogate pairs


def cleaned(text: str) -> str:
    """The text without control characters and lone surrogates; line breaks and tabs stay."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in text if char in _LAYOUT or unicodedata.category(char) not in _UNWANTED)


def is_clean(text: str) -> bool:
    """Whether there is nothing to clean in the text."""
    return cleaned(text) == text


def is_blank(text: str) -> bool:
    """Whether the text shows nothing at all, as spaces and zero-width characters do."""
    return not any(char.isprintable() and not char.isspace() for char in text)
