"""The App Home tab, and what /career help says."""

from __future__ import annotations

from typing import Any

from bot.advice.wording import all_roles
from bot.channels.slack.messages import Utterance
from bot.knowledge.current import knowledge
from bot.render.slack import Block, choice_blocks, content_blocks, note_block

COMMAND = "/career"
_TOPICS = (
    "- what they focus on, and how they differ\n"
    "- the skills and tools they need\n"
    "- the projects they build and the industries they work in\n"
    "- their career paths, how they work together, and what comes next\n"
    "- what statistics and surveys say on pay, the job market, degrees, how to start and getting hired\n"
    "- neighbouring roles, such as data scientist or data engineer"
)
_STARTERS = (
    {"title": "What do the roles focus on?", "payload": "/ask_focus_areas"},
    {"title": "How do they differ?", "payload": "/ask_difference"},
    {"title": "What tools do they use?", "payload": "/ask_tools"},
)
_FIT_CHECK = {"title": "Which role fits me?", "payload": "/start_fit_check"}


def home_view(chosen: str = "") -> dict[str, Any]:
    """The view for ``views.publish``; after a click it says what was chosen and where the answer is."""
    blocks: list[Block] = [
        {"type": "header", "text": {"type": "plain_text", "text": "Career Advisor", "emoji": False}},
        *content_blocks(f"Hello! I help people decide between careers: {all_roles(knowledge())}."),
        {"type": "divider"},
        *content_blocks(f"**Ask me about these roles**\n\n{_TOPICS}"),
        *_starters(),
        {"type": "divider"},
        *content_blocks("**The fit check**\n\nA handful of paired tasks: you say which you would rather do."),
        *_fit_check(),
        note_block(f"Write to me under Messages, mention me in a channel, or use {COMMAND}: only you see its answer."),
    ]
    if chosen:
        blocks.insert(1, note_block(f"You chose: {chosen}. The answer is under Messages."))
    return {"type": "home", "blocks": blocks}


def help_message() -> Utterance:
    """What the slash command can do."""
    kb = knowledge()
    role = list(kb.main_roles.values())[-1]
    text = (
        f"**{COMMAND} your question** asks me about {all_roles(kb)}; only you see the answer.\n"
        f"For example: `{COMMAND} what tools do {role.plural} use?`\n\n"
        f"I can tell you about\n\n{_TOPICS}\n\n"
        "In a direct message you can do the same, and mention me in a channel to get an answer for everybody there."
    )
    return Utterance(tuple(content_blocks(text)), tuple(choice_blocks([*_STARTERS, _FIT_CHECK])))


def _starters() -> list[Block]:
    return choice_blocks(_STARTERS)


def _fit_check() -> list[Block]:
    (block,) = choice_blocks([_FIT_CHECK])
    (button,) = block["elements"]
    # The ids of the starters are taken.
    button = {**button, "action_id": "choose-fit", "style": "primary"}
    return [{**block, "block_id": "choices-fit", "elements": [button]}]
