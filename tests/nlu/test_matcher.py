from bot.knowledge import load_knowledge
from bot.language.phrases import Phrase, PhraseFinder
from bot.language.spelling import words

KB = load_knowledge("data/knowledge")
FINDER = PhraseFinder([Phrase(*phrase) for phrase in KB.phrases()], words)


def found(text: str, unknown: bool = False) -> set[tuple[str, str]]:
    tokens = words(text)
    return {(m.kind, m.value) for m in FINDER.find(tokens, [unknown] * len(tokens))}


def test_every_alias_is_found_as_what_it_stands_for() -> None:
    for kind, value, alias in KB.phrases():
        tokens = words(alias)
        longest = max(FINDER.find(tokens), key=lambda m: m.end - m.start)
        if longest.end - longest.start == len(tokens):
            owners = {(k, v) for k, v, a in KB.phrases() if words(a) == tokens}
            assert (longest.kind, longest.value) in owners, (kind, value, alias)


def test_plurals_are_found() -> None:
    assert ("role", "ml_engineer") in found("machine learning engineers")
    assert ("thing", "fpga") in found("who uses fpgas")


def test_the_longest_phrase_wins() -> None:
    assert found("machine learning operations") == {("thing", "mlops")}


def test_near_misses_are_found_only_where_a_word_is_unknown() -> None:
    assert ("thing", "hyperparameter_tuning") in found("hyperparametre tunning", unknown=True)
    assert ("thing", "hyperparameter_tuning") not in found("hyperparametre tunning")


def test_nothing_is_found_in_nothing() -> None:
    assert FINDER.find([]) == []


def test_what_people_write_is_not_kept() -> None:
    FINDER.find(["who", "uses", "spark"])
    before = len(FINDER._vocab), len(FINDER._vocab.strings)
    for number in range(100):
        FINDER.find([f"zebra{number}", "spark", f"quagga{number}"], [True, False, True])
    assert (len(FINDER._vocab), len(FINDER._vocab.strings)) == before
