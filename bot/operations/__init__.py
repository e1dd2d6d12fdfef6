"""What an operator does with stored conversations: erase, print, thin out, back up, restore."""

from bot.operations.conversations import export, forget, prune
from bot.operations.copies import backup, restore
from bot.operations.problems import OperationError

__all__ = ["OperationError", "backup", "export", "forget", "prune", "restore"]
