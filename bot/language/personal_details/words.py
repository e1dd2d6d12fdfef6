"""The word lists, patterns and examples of personal details: ``data/personal_details.yml``, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

DETAIL_WORDS = Path(__file__).resolve().parents[3] / "data" / "personal_details.yml"


class DetailWordsError(ValueError):
    """The file cannot be used; the text says why, in one line."""


@lru_cache(maxsize=1)
def detail_words() -> Mapping[str, Any]:
    """The content of the file. Raises DetailWordsError if it cannot be read."""
    try:
        words = yaml.load(
            DETAIL_WORDS.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        )
    except (OSError, yaml.YAMLError) as error:
        raise DetailWordsError(f"{DETAIL_WORDS} cannot be used: {error}".replace("\n", " ")) from error
    if not isinstance(words, dict):
        raise DetailWordsError(f"{DETAIL_WORDS} cannot be used: it has no lists")
    return words
