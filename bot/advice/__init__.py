"""Decides what the answer is: pure functions over the knowledge base, without Rasa and without any channel."""

from bot.advice.answer import Answer, Bullets, Part, Suggestion, Table, Text, part_to_dict
from bot.advice.conversation import reply
from bot.advice.question import Context, Question

__all__ = ["Answer", "Bullets", "Context", "Part", "Question", "Suggestion", "Table", "Text", "part_to_dict", "reply"]
