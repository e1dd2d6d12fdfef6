"""Rasa actions: each reads the tracker, asks ``bot.advice``, and hands the answer to ``bot.render``."""
