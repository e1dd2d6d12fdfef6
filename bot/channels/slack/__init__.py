"""The Slack channel, each module named with Slack's own words."""
