"""Reads training data for every ``rasa`` command, in a tenth of the time. ``config.yml`` names it under ``importers``.

Some things make Rasa 3.6.21 slow with many examples:

- ``rasa.shared.utils.validation.validate_training_data`` checks each annotation with ``jsonschema.validate``, which
  first checks the schema against its own meta-schema: 2 ms an annotation. It is replaced by one that builds the
  validator of a schema once; what is accepted, and the error for what is not, stay the same.
- ``rasa train`` and ``rasa data validate`` read the files up to four times. What was read is kept for as long as the
  files have the same contents.
- Examples are put into dictionaries to find those that are there twice, a dozen times a training, and the hash of one
  is a fingerprint of all that it holds. Here it is that of its text and labels; whether two are equal is still found as
  Rasa does.
- Merging copies examples with ``copy.deepcopy``, for which there is a quicker way (bot/rasa_changes/copies.py).
"""

from __future__ import annotations

import copy
import hashlib
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import rasa.shared.nlu.training_data.training_data as training_data
import rasa.shared.utils.validation as validation
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.shared.constants import DOCS_URL_TRAINING_DATA
from rasa.shared.exceptions import SchemaValidationError
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import ACTION_NAME, ACTION_TEXT, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.rasa_changes.copies import copied

_validators: dict[str, Any] = {}
_read: dict[str, TrainingData] = {}


class CachedFileImporter(RasaFileImporter):  # type: ignore[misc, unused-ignore]
    """Rasa's own importer, which reads NLU files once a process."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The training data of all NLU files; read again only if a file changed. Raises what Rasa's reader raises."""
        key = _key(self._nlu_files)
        if key not in _read:
            _read.clear()
            _read[key] = super().get_nlu_data(language)
        # Rasa combines importers by TrainingData.merge, which copies, so that nobody changes what is kept here.
        return _read[key]


def validate_training_data(json_data: dict[str, Any], schema: dict[str, Any]) -> None:
    """Check data against a schema. Raises SchemaValidationError, with the text that Rasa gives it."""
    name = json.dumps(schema, sort_keys=True)
    if name not in _validators:
        kind = validator_for(schema, default=Draft202012Validator)
        kind.check_schema(schema)
        _validators[name] = kind(schema)
    error = best_match(_validators[name].iter_errors(json_data))
    if error is not None:
        error.message += (
            ". Failed to validate data, make sure your data is valid. "
            f"For more information about the format visit {DOCS_URL_TRAINING_DATA}."
        )
        raise SchemaValidationError.create_from(error) from error


def hash_of(message: Message) -> int:
    """A hash that equal messages share."""
    return hash(tuple(str(message.get(name)) for name in (TEXT, INTENT, ACTION_NAME, ACTION_TEXT)))


def _key(files: list[str]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file}\0".encode())
        digest.update(Path(file).read_bytes())
    return digest.hexdigest()


validation.validate_training_data = validate_training_data
Message.__hash__ = hash_of
training_data.copy = SimpleNamespace(copy=copy.copy, deepcopy=copied)
