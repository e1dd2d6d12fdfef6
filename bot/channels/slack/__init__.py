"""The Slack channel, each module named with Slack's own words."""

CHANNEL = "slack"
"""The channel's name inside Rasa, and its place under /webhooks."""
