"""Shows an answer as people will see it: on the web, on Slack and in the console."""

from __future__ import annotations

from collections.abc import Sequence
from html import unescape

from bot.advice import Context, Question, reply
from bot.content.errors import PreviewError
from bot.knowledge import KnowledgeBase
from bot.knowledge.problems import nearest
from bot.render import envelope, to_markdown, to_plain
from bot.render.slack import content_blocks, fallback
from bot.render.sources import credits_of


def preview(kb: KnowledgeBase, roles: Sequence[str], topic: str | None) -> str:
    """The answer on ``topic`` (a profile without one) for ``roles`` (all without any). Raises PreviewError."""
    for role in roles:
        if role not in kb.roles:
            raise PreviewError(f"there is no role {role!r}{nearest(role, kb.roles)}; roles: {', '.join(kb.roles)}")
    if topic is not None and topic not in kb.topics:
        raise PreviewError(f"there is no topic {topic!r}{nearest(topic, kb.topics)}; topics: {', '.join(kb.topics)}")
    question = Question(kb.topics[topic].intent if topic else "ask_role_profile", roles=tuple(roles))
    answer, _ = reply(kb, [question], Context())
    credits = credits_of(kb, answer)
    buttons = " ".join(f"[{suggestion.title}]" for suggestion in answer.suggestions)
    parts = envelope(kb, answer)["parts"]
    looks = {
        "Web (Markdown)": f"{to_markdown(answer, credits)}\n\n{buttons}",
        "Slack (blocks, as text)": f"{unescape(fallback(content_blocks('', parts)))}\n\n{buttons}",
        "Console": to_plain(answer, credits),
    }
    facts = f"{answer.kind}; {answer.words} words; facts: {', '.join(answer.facts) or 'none'}"
    return "\n\n".join([*(f"== {name} ==\n{text}" for name, text in looks.items()), f"({facts})"])
