"""What keeps an operator's command from being done."""

from __future__ import annotations


class OperationError(Exception):
    """The command cannot be done, and nothing was changed; the message is one line for the operator."""
