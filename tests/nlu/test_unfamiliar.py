"""Words that no example and no fact has."""

from bot.nlu.unfamiliar import UnfamiliarWordsFinder, stems


def test_endings_and_short_words_do_not_matter() -> None:
    assert stems("Who tests it, and tested what?") == ["test", "test", "what"]


def test_the_other_words_are_found_in_order() -> None:
    finder = UnfamiliarWordsFinder({}, None, None, stems("what tools do engineers use"))  # type: ignore[arg-type]
    assert finder.unfamiliar("what tool do glaziers use on windows") == ["glaziers", "windows"]
    assert finder.unfamiliar("WHAT tools did an engineer use") == []
    assert finder.unfamiliar("") == []


def test_a_typing_error_is_no_new_word() -> None:
    finder = UnfamiliarWordsFinder({}, None, None, stems("engineers framework"))  # type: ignore[arg-type]
    assert finder.unfamiliar("enginers framwerok") == []
    assert finder.unfamiliar("glaziers workbench") == ["glaziers", "workbench"]
