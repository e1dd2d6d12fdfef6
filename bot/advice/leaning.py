"""What people tell about themselves, and which role it points to: kept for the conversation, and named when used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.advice.answer import Answer, Bullets, Part, Text
from bot.advice.question import Context, Question, Said
from bot.advice.ranking import rank
from bot.advice.suggestions import FIT_CHECK, ask
from bot.advice.wording import ids, join, plural, topics_of, words_of_names
from bot.knowledge import Fact, KnowledgeBase
from bot.language.wording import content_words, wording

MARGIN = 0.2
"""Two roles whose shares of the evidence differ by less than this are too close to call."""

MOST_REMEMBERED = 12
_LIKELY = 0.1
"""Facts that a part of a message is near to count from this probability on, taken together."""
_STORY = 0.3
"""The same where the part says neither what is liked nor what is disliked."""
_ONE_SIDED = 0.65
"""And then one role has to have this share of it."""
_LONGEST = 12
_A_NAME = 3


@dataclass(frozen=True)
class Evidence:
    """A fact about one role that matches something told: ``weight`` is below 0 for what is disliked."""

    words: str
    feeling: float
    fact: Fact
    weight: float


def told_in(kb: KnowledgeBase, parts: Sequence[Question], context: Context) -> Context:
    """The context that knows what ``parts`` of a message tell about the person. Later words replace earlier ones."""
    about = list(context.about)
    last = 0.0
    for part in parts:
        feeling = _feeling(part.text)
        if not feeling and len(part.text.split()) <= _A_NAME:  # "I hate hardware, soldering, all that"
            feeling = last
        if not feeling and wording().says("asks", part.text):
            continue
        last = feeling
        words = _named(kb, part, feeling)
        if not words:
            continue
        matches = _matches(kb, part, feeling)
        about = [said for said in about if said[0] != words and not _same_thing(said, matches)]
        about.append((words, feeling, matches))
    return replace(context, about=tuple(about[-MOST_REMEMBERED:]))


def _same_thing(said: Said, matches: Mapping[str, float]) -> bool:
    """Whether something told earlier is about the same as what is told now."""
    best, now = max(said[2], key=said[2].__getitem__, default=""), max(matches, key=matches.__getitem__, default="")
    return bool(best) and best == now


def _feeling(text: str) -> float:
    """1 for something liked, -1 for something disliked, 0 for neither."""
    if wording().says("no_dislike", text):
        return 0.5
    if wording().says("dislikes", text):
        return -1.0
    return 1.0 if wording().says("likes", text) else 0.0


def _named(kb: KnowledgeBase, part: Question, feeling: float) -> str:
    """What is liked or disliked, in the person's own words without those around it; empty where that is nothing."""
    patterns = wording()
    text = _object(part.text, "dislikes" if feeling < 0 else "likes") if feeling else part.text
    words = [word for word in text.split() if word.strip(",.!?;")]
    if feeling:
        while words and words[0].strip(",.!?;") in patterns.before_liking:
            words = words[1:]
        while words and words[-1].strip(",.!?;") in patterns.after_liking:
            words = words[:-1]
    names = words_of_names(kb, part.roles)
    if not set(content_words(" ".join(words))) - names - {*patterns.after_liking}:  # "I want to be an AI engineer"
        return ""
    return " ".join(words[:_LONGEST]).strip(" ,.;:!?&+")


def _object(text: str, pattern: str) -> str:
    """What stands after the words of liking or disliking, or before them where nothing comes after."""
    found = wording().patterns[pattern].search(text)
    if found is None:
        return text
    after = text[found.end() :]
    return after if content_words(after) else text[: found.start()] if content_words(text[: found.start()]) else text


def _matches(kb: KnowledgeBase, part: Question, feeling: float) -> dict[str, float]:
    """Facts about one role that a part of a message matches, with how much."""
    found: dict[str, float] = {}
    ranking = rank(kb, part, Context())
    probable = {fact.id: p for fact, p in ranking.facts}
    advice = kb.lead("choice", kb.roles)
    choice = advice.topic if advice else ""
    for thing in part.things:
        for role in kb.main_roles:
            own = [f for f in kb.facts_naming(thing) if f.roles == (role,) and kb.kind_of(f) == "article"]
            own = [f for f in own if f.topic != choice]  # "my passion is ..." is no passion of one role
            own = [f for f in own if not f.overview] or own
            if own:
                found[max(own, key=lambda f: probable.get(f.id, 0.0)).id] = 1.0
    if not found:
        rated = [(f, p) for f, p in ranking.facts if f.roles[0] in kb.main_roles and kb.kind_of(f) == "article"]
        single = [(f, p) for f, p in rated if len(f.roles) == 1]
        whole = sum(p for _, p in single)
        if single and whole >= (_LIKELY if feeling else _STORY):
            shares = {role: sum(p for f, p in single if f.roles[0] == role) for role in kb.main_roles}
            if max(shares.values()) >= _ONE_SIDED * whole or feeling:
                found = {f.id: round(p / whole, 3) for f, p in single[:4] if p >= 0.25 * single[0][1]}
    return found


def evidence(kb: KnowledgeBase, context: Context) -> list[Evidence]:
    """Everything told that matches facts, the strongest first."""
    found = [
        Evidence(words, feeling, kb.facts[fact], weight * (feeling or 0.6))
        for words, feeling, matches in context.about
        for fact, weight in matches.items()
        if fact in kb.facts and len(kb.facts[fact].roles) == 1
    ]
    return sorted(found, key=lambda e: -abs(e.weight))


def lean(kb: KnowledgeBase, context: Context) -> Answer | None:
    """A recommendation from what the person told, naming what was told and the facts; None without any evidence."""
    found = evidence(kb, context)
    if not found:
        return None
    sums = dict.fromkeys(kb.main_roles, 0.0)
    for each in found:
        if each.fact.roles[0] in sums:
            sums[each.fact.roles[0]] += each.weight
    first, second = sorted(sums, key=lambda role: -sums[role])[:2]
    size = sum(abs(value) for value in sums.values()) or 1.0
    if (sums[first] - sums[second]) / size < MARGIN:
        return _close(kb, found, (first, second))
    for_it = _distinct([e for e in found if e.weight > 0 and e.fact.roles[0] == first])[:3]
    against = _distinct([e for e in found if e.weight < 0 and e.fact.roles[0] == second])[:1]
    beside = _distinct([e for e in found if e.weight > 0 and e.fact.roles[0] == second])[:1] if not against else []
    role = kb.roles[first]
    said = [_speaks_for(e, role.name) for e in for_it]
    said += [
        f'You would rather avoid "{e.words}", which belongs to {plural(kb, [second])}: {e.fact.text}' for e in against
    ]
    said += [f'"{e.words}" is on the other side, with {plural(kb, [second])}: {e.fact.text}' for e in beside]
    parts: list[Part] = [
        Text(f"From what you say it leans towards **{role.name}**. In the end your passions and strengths decide.")
    ]
    parts.append(Text(said[0]) if len(said) == 1 else Bullets(tuple(said)))
    used = [e.fact for e in (*for_it, *against, *beside)]
    return Answer("recommendation", tuple(parts), ids(used), (first,), topics_of(used), options=ids(used))


def _speaks_for(each: Evidence, role: str) -> str:
    verb = "You like" if each.feeling > 0 else "You mention"
    return f'{verb} "{each.words}", which is {role} work: {each.fact.text}'


def _distinct(found: Sequence[Evidence]) -> list[Evidence]:
    """One entry for each thing told, and none whose fact names only what an earlier one named."""
    kept: list[Evidence] = []
    for each in found:
        if not any(each.words == k.words or each.fact.id == k.fact.id for k in kept):
            kept.append(each)
    return kept


def _close(kb: KnowledgeBase, found: Sequence[Evidence], roles: tuple[str, str]) -> Answer:
    best = [next((e for e in found if e.weight > 0 and e.fact.roles[0] == role), None) for role in roles]
    used = [e.fact for e in best if e]
    hybrid = kb.lead("both_fit", roles)
    lead = (
        f"What you say fits both {plural(kb, roles)}, so this is too close to call; your passions and strengths decide."
    )
    parts: list[Part] = [Text(lead)]
    if used:
        parts.append(Bullets(tuple(f'"{e.words}": {e.fact.text}' for e in best if e)))
    if hybrid:
        parts.append(Text(hybrid.text))
        used.append(hybrid)
    ordered = tuple(role for role in kb.roles if role in roles)
    return Answer("recommendation", tuple(parts), ids(used), ordered, topics_of(used), options=ids(used))


def acknowledged(kb: KnowledgeBase, context: Context) -> Answer:
    """An answer to somebody who told something that points to no role: noted, and one question back."""
    first = kb.pairs[next(iter(kb.pairs))] if kb.pairs else None
    ask_back = f" Which would you enjoy more: {_lower(first.first)}, or {_lower(first.second)}?" if first else ""
    text = f"Thank you, I will keep that in mind.{ask_back}"
    offers = (FIT_CHECK, *(ask(kb, topic, ()) for topic in kb.profile_topics[:2]))
    return Answer("clarify", (Text(text),), suggestions=offers)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def recalled(kb: KnowledgeBase, question: Question, context: Context) -> Answer:
    """What the person told about themselves, in their words."""
    likes, dislikes = wording().says("asks_likes", question.text), wording().says("asks_dislikes", question.text)
    kept = [said for said in context.about if (said[1] < 0 if dislikes else said[1] > 0 if likes else True)] or list(
        context.about
    )
    if not kept:
        text = "You have not told me anything about yourself yet. What do you enjoy, and what would you rather avoid?"
        return Answer("smalltalk", (Text(text),), suggestions=(FIT_CHECK,))
    groups = (
        ("You like", [words for words, feeling, _ in kept if feeling > 0]),
        ("You would rather avoid", [words for words, feeling, _ in kept if feeling < 0]),
        ("You also told me", [words for words, feeling, _ in kept if feeling == 0]),
    )
    lines = [f"{start} " + join([f'"{w}"' for w in words[-4:]]) + "." for start, words in groups if words]
    text = " ".join(lines) + " I keep that for this conversation only."
    return Answer("smalltalk", (Text(text),))
