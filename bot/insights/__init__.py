"""What people ask, from the conversation store: read, counted, grouped, never changed. Knows nothing of Rasa."""

from bot.insights.errors import InsightsError
from bot.insights.groups import UnansweredGroup
from bot.insights.nearest import NearestFact, Place
from bot.insights.period import Period
from bot.insights.questions import unanswered

__all__ = ["InsightsError", "NearestFact", "Period", "Place", "UnansweredGroup", "unanswered"]
