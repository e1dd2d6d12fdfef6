"""The server: Rasa's agent, its actions and its channels in one process, without ``rasa run``."""

from bot.server.run import serve

__all__ = ["serve"]
