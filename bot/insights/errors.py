"""What can go wrong when the conversation store is read."""

from __future__ import annotations


class InsightsError(Exception):
    """The report cannot be made; the message is one line for the owner of the site."""
