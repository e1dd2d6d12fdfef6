"""What can go wrong with the store of conversations."""

from __future__ import annotations

from rasa.shared.exceptions import RasaException


class StoreUnavailableError(RasaException):  # type: ignore[misc, unused-ignore]
    """The database cannot be used now; nothing of what was to be stored is stored, and trying again is safe."""


class SchemaError(StoreUnavailableError):
    """The database was made by another program or by a newer version of this one."""


class DamagedError(StoreUnavailableError):
    """The file is no whole database: it takes a backup to go on."""
