"""What people write, and what comes back, is never markup."""

from playwright.sync_api import expect

from .chat import Chat, answer_with

HOSTILE = [
    '<img src=x onerror="window.hacked = 1">',
    "<script>window.hacked = 1</script>",
    "<svg onload=window.hacked=1>",
    "[click](javascript:window.hacked=1)",
    "[click](data:text/html,<script>window.hacked=1</script>)",
    "[click](JaVaScRiPt&colon;window.hacked=1)",
    "<a href='javascript:window.hacked=1'>x</a>",
    "![x](https://evil.example/pixel.png)",
    "<style>* { display: none }</style>",
    "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe>",
    "`</code><img src=x onerror=window.hacked=1>`",
    "| a | b |\n|---|---|\n| <img src=x onerror=window.hacked=1> | b |",
]


def test_markup_in_an_answer_does_nothing(chat: Chat) -> None:
    asked: list[str] = []
    chat.page.on("request", lambda request: asked.append(request.url))
    answer_with(chat.page, *({"text": text} for text in HOSTILE))
    chat.ask("hello")
    expect(chat.answers).to_have_count(len(HOSTILE))
    dangerous = "img, script, style, iframe, svg, [onerror], [onload]"
    expect(chat.answers.locator(dangerous)).to_have_count(0)
    expect(chat.answers.get_by_role("link")).to_have_count(0)
    assert chat.page.evaluate("() => window.hacked") is None
    assert not any("evil" in url for url in asked)


def test_markup_in_buttons_and_sources_is_shown_as_written(chat: Chat) -> None:
    buttons = [{"title": text, "payload": text} for text in HOSTILE]
    sources = [{"title": text, "section": text} for text in HOSTILE]
    custom = {"kind": "answer", "facts": ["x"], "sources": sources}
    answer_with(chat.page, {"text": "Choose.", "buttons": buttons, "custom": custom})
    answer = chat.ask("hello")
    expect(chat.choices).to_have_text(HOSTILE)
    expect(answer.locator(".source :not(summary, ul, li, span)")).to_have_count(0)
    assert chat.page.evaluate("() => window.hacked") is None


def test_markup_in_a_question_is_shown_as_written(chat: Chat) -> None:
    answer_with(chat.page, {"text": "Noted."})
    for text in HOSTILE:
        chat.ask(text)
    expect(chat.questions).to_have_text(HOSTILE)
    expect(chat.questions.locator("*")).to_have_count(0)
    chat.page.reload()
    expect(chat.questions).to_have_text(HOSTILE)
    assert chat.page.evaluate("() => window.hacked") is None


def test_html_in_markdown_is_shown_as_text(chat: Chat) -> None:
    answer_with(chat.page, {"text": "Use <b>bold</b> & <img src=x>."})
    expect(chat.ask("hello").locator(".markdown")).to_have_text("Use <b>bold</b> & <img src=x>.")


def test_direction_overrides_stay_in_their_line(chat: Chat) -> None:
    override = "abc \u202e txet desrever"
    answer_with(chat.page, {"text": f"{override}\n\nplain"})
    answer = chat.ask(override)
    assert "\u202e" not in answer.inner_text()
    expect(chat.questions).to_have_css("unicode-bidi", "isolate")
    expect(chat.questions).to_have_text([override])


def test_right_to_left_text_is_set_from_the_right(chat: Chat) -> None:
    answer_with(chat.page, {"text": "שלום"})
    answer = chat.ask("مرحبا")
    expect(chat.questions).to_have_css("direction", "rtl")
    expect(answer.locator(".markdown")).to_have_css("direction", "rtl")


def test_a_word_of_a_thousand_characters_does_not_break_the_layout(phone_chat: Chat) -> None:
    word = "w" * 1000
    table = f"| a | b |\n|---|---|\n| {word} | {word} |"
    answer_with(
        phone_chat.page,
        {
            "text": f"{word}\n\n{table}\n\n`{word}`\n\n    {word}",
            "buttons": [{"title": word, "payload": "x"}],
        },
    )
    phone_chat.ask(word)
    assert not phone_chat.panel.locator(".scroll").evaluate("(s) => s.scrollWidth > s.clientWidth")
    for bubble in phone_chat.log.locator(".bubble").all():
        box = bubble.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 360
