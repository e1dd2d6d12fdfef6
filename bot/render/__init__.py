"""How an answer looks: Markdown for the web and REST, plain text for the console, blocks for Slack."""

from bot.render.envelope import envelope
from bot.render.markdown import to_markdown
from bot.render.plain import to_plain

__all__ = ["envelope", "to_markdown", "to_plain"]
