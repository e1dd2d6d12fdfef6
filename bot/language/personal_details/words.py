"""The word lists, patterns and examples of personal details: ``data/personal_details.yml``, read once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml


_PROJECT = Path(__file__).resolve().parents[3]


class DetailWordsError(ValueError):
    """The file cannot be used; the text says why, in one line."""


def detail_words_file() -> Path:
    """Where the lists are: ``PERSONAL_DETAILS_FILE``, by default data/personal_details.yml of this project."""
    return Path(os.environ.get("PERSONAL_DETAILS_FILE") or _PROJECT / "data" / "personal_details.yml")


@lru_cache(maxsize=1)
def detail_words() -> Mapping[str, Any]:
    """The content of :func:`detail_words_file`. Raises DetailWordsError if it cannot be read."""
    path = detail_words_file()
    try:
        words = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, yaml.YAMLError) as error:
        raise DetailWordsError(f"{path} cannot be used: {error}".replace("\n", " ")) from error
    if not isinstance(words, dict):
        raise DetailWordsError(f"{path} cannot be used: it has no lists")
    return words
