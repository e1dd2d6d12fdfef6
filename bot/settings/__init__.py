"""Settings: environment variables, each with its default, its meaning and what it may be, in one table."""

from bot.settings.table import Settings, SettingsError

__all__ = ["Settings", "SettingsError"]
