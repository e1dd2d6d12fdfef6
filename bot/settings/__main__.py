"""``python -m bot.settings > .env.example`` writes the settings down for whoever looks for them."""

from bot.settings.example import example

print(example(), end="")
