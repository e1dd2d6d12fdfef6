"""Channels: how messages of the web and of Slack reach Rasa, and how its answers go back."""
