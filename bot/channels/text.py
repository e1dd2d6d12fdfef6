"""Text from outside: what of it may go further, and in which letters."""

from __future__ import annotations

import re
import unicodedata

_LAYOUT = "\n\t"
_UNWANTED = frozenset({"Cc", "Cs"})  # control characters, and halves of surrogate pairs

# Unicode's Default_Ignorable_Code_Point: soft hyphens, joiners, fillers, marks of direction, variation selectors, tags.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
_OF_EMOJI = frozenset("\u200d\ufe0f")  # joins pictures into one, shows one in colours
_PICTURES = frozenset({"So", "Sk"})
# Drawn as nothing, though Unicode takes them for symbols: an empty braille cell and a note without a head.
_SPACES = str.maketrans({"\u2800": " ", "\U0001d159": " "})


def cleaned(text: str) -> str:
    """The text without control characters and lone surrogates; line breaks and tabs stay."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in text if char in _LAYOUT or unicodedata.category(char) not in _UNWANTED)


def normalised(text: str) -> str:
    """What a person wrote, cleaned, in the letters that everything after it reads.

    Full-width and ornamental letters become plain ones (Unicode's NFKC), invisible characters are left out, except for
    those that emoji are made with. The result may be longer than the text. A normalised text stays as it is.
    """
    text = unicodedata.normalize("NFKC", cleaned(text)).translate(_SPACES)
    return unicodedata.normalize("NFKC", _INVISIBLE.sub(_of_emoji, text))


def is_clean(text: str) -> bool:
    """Whether there is nothing to clean in the text."""
    return cleaned(text) == text


def is_blank(text: str) -> bool:
    """Whether the text shows nothing at all, as spaces, fillers and zero-width characters do."""
    return not any(char.isprintable() and not char.isspace() for char in normalised(text))


def _of_emoji(run: re.Match[str]) -> str:
    before = run.string[max(0, run.start() - 1) : run.start()]
    if not before or unicodedata.category(before) not in _PICTURES:
        return ""
    return "".join(char for char in run.group() if char in _OF_EMOJI)
