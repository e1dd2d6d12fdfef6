"""What a screen reader gets: Chromium's own accessibility tree, with names, roles and order, and what is announced."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from .chat import COMPARE, SKILLS, WEBHOOK, Chat, answer_with
from .servers import Site


@dataclass
class Node:
    role: str
    name: str
    properties: dict[str, Any]
    children: list["Node"] = field(default_factory=list)

    def walk(self) -> Iterator["Node"]:
        yield self
        for child in self.children:
            yield from child.walk()

    def all(self, role: str) -> list["Node"]:
        return [node for node in self.walk() if node.role == role]

    def one(self, role: str, name: str | None = None) -> "Node":
        [found] = [node for node in self.all(role) if name is None or node.name == name]
        return found

    @property
    def text(self) -> str:
        """What is read out, in its order."""
        return " ".join(node.name.strip() for node in self.walk() if node.role in ("StaticText", "ListMarker"))

    @property
    def outline(self) -> list[str]:
        """The roles that carry meaning, in their order."""
        plain = ("generic", "none", "StaticText", "InlineTextBox", "LineBreak", "Ignored")
        return [node.role for node in self.walk() if node.role not in plain]


def tree(page: Page) -> Node:
    """The page as Chromium hands it to a screen reader, without what that leaves out."""
    session = page.context.new_cdp_session(page)
    try:
        found = session.send("Accessibility.getFullAXTree")["nodes"]
    finally:
        session.detach()
    raw = {node["nodeId"]: node for node in found}

    def build(node: dict[str, Any]) -> list[Node]:
        children = [made for key in node.get("childIds", []) if key in raw for made in build(raw[key])]
        if node.get("ignored"):
            return children
        properties = {item["name"]: item["value"].get("value") for item in node.get("properties", [])}
        role, name = node["role"].get("value", ""), node.get("name", {}).get("value", "")
        return [Node(role, name, properties, children)]

    [root] = build(found[0])
    return root


def dialog(chat: Chat) -> Node:
    return tree(chat.page).one("dialog")


def test_the_closed_widget_is_one_button(page: Page, server_url: str) -> None:
    page.goto(server_url)
    expect(Chat(page).launcher).to_be_visible()
    button = tree(page).one("button", "Ask the advisor")
    assert button.properties["hasPopup"] == "dialog" and button.properties["expanded"] is False


def test_the_parts_of_the_chat_come_in_the_order_of_their_use(chat: Chat) -> None:
    chat.ask(SKILLS)
    inside = dialog(chat)
    assert inside.name == "Career Advisor"
    wanted = ["heading", "button", "button", "log", "button", "status", "textbox", "button"]
    order = [role for role in inside.outline if role in set(wanted)]
    merged = [role for n, role in enumerate(order) if n == 0 or role != order[n - 1] or role != "button"]
    assert merged == ["heading", "button", "log", "button", "status", "textbox", "button"]
    names = [node.name for node in inside.all("button")]
    assert names[:2] == ["Conversation options", "Close chat"] and names[-1] == "Send"
    assert all(names)
    assert inside.one("textbox").name == "Ask a question"


def test_a_list_is_a_list_with_its_numbers(chat: Chat) -> None:
    answer_with(
        chat.page, {"text": "Three steps:\n\n1. Learn Python\n2. Build a model\n3. Show it\n\nAlso:\n\n- talk\n- write"}
    )
    chat.ask("hello")
    log = dialog(chat).one("log")
    steps, more = log.all("list")
    assert [item.text for item in steps.all("listitem")] == ["1. Learn Python", "2. Build a model", "3. Show it"]
    assert len(more.all("listitem")) == 2
    assert "Three steps: 1. Learn Python" in log.text


def test_a_number_is_read_in_its_sentence(chat: Chat) -> None:
    text = "In 2024 the median pay was **$145,080** in the United States, 26% more than in 2019."
    answer_with(chat.page, {"text": text, "custom": {"kind": "answer", "facts": ["x"]}})
    chat.ask("hello")
    answer = dialog(chat).one("log").all("paragraph")[-1]
    assert answer.text == text.replace("**", "")


@pytest.mark.parametrize("columns", [2, 3])
def test_the_cells_of_a_table_have_their_headings(chat: Chat, columns: int) -> None:
    heads = ["", "AI engineer", "ML engineer"] if columns == 3 else ["AI engineer", "ML engineer"]
    rows = [["Tools", "OpenCV", "Hadoop"], ["Skills", "Vision", "Data"]] if columns == 3 else [["OpenCV", "Hadoop"]]
    lines = [heads, ["---"] * columns, *rows]
    answer_with(chat.page, {"text": "\n".join(f"| {' | '.join(line)} |" for line in lines)})
    chat.ask("hello")
    table = dialog(chat).one("table")
    assert [node.name for node in table.all("columnheader")] == ["AI engineer", "ML engineer"]
    assert [node.name for node in table.all("rowheader")] == (["Tools", "Skills"] if columns == 3 else [])
    first = table.all("row")[1]
    assert first.text == " ".join(rows[0])


def test_a_real_comparison_is_read_with_headings_and_source(chat: Chat) -> None:
    chat.ask(COMPARE)
    log = dialog(chat).one("log")
    assert log.text.count("Source:") == 1
    for table in log.all("table"):
        assert table.all("columnheader")
        assert all(node.name for node in table.all("columnheader") + table.all("rowheader"))


# Counts what live regions are given, as browsers tell it to screen readers: what is added to a region that is on.
LISTEN = """() => {
    window.announced = [];
    const root = document.querySelector("career-advisor").shadowRoot;
    const region = (node) => {
        for (let at = node; at; at = at.parentElement) {
            const live = at.getAttribute("aria-live")
                ?? { log: "polite", status: "polite", alert: "assertive" }[at.getAttribute("role")];
            if (live) return live === "off" ? null : at;
        }
        return null;
    };
    new MutationObserver((changes) => {
        const seen = new Set();
        for (const { addedNodes, target, type } of changes) {
            for (const node of type === "characterData" ? [target] : addedNodes) {
                const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
                if (!element?.isConnected || !region(element) || [...seen].some((one) => one.contains(node))) continue;
                seen.add(node);
                const copy = element.cloneNode(true);
                for (const quiet of copy.querySelectorAll("[aria-live=off]")) quiet.remove();
                const text = (node === element ? copy.textContent : node.textContent).replace(/\\s+/g, " ").trim();
                if (text) window.announced.push(text);
            }
        }
    }).observe(root, { childList: true, characterData: true, subtree: true });
}"""


def announced(page: Page) -> list[str]:
    return list(page.evaluate("() => announced.splice(0)"))


def test_an_answer_is_announced_once_and_without_its_buttons(chat: Chat) -> None:
    chat.page.evaluate(LISTEN)
    for question in (SKILLS, COMPARE):
        answer = chat.ask(question)
        expect(answer.get_by_role("button", name="Not helpful")).to_be_visible()
        [heard] = announced(chat.page)
        assert heard.startswith("Advisor: ") and heard.count("Source:") == 1
        assert "Thank you" not in heard and question not in heard


def test_rating_and_copying_an_answer_does_not_read_it_again(chat: Chat) -> None:
    answer = chat.ask(SKILLS)
    chat.page.evaluate(LISTEN)
    answer.get_by_role("button", name="Not helpful").click()
    answer.get_by_role("button", name="Too long").click()
    expect(answer).to_contain_text("Thank you.")
    chat.input.fill("something else")
    assert announced(chat.page) == []


def test_a_conversation_that_comes_back_is_not_announced_as_news(chat: Chat, server_url: str) -> None:
    chat.ask(SKILLS)
    log = dialog(chat).one("log")
    assert log.properties["live"] == "polite" and not log.properties.get("busy")
    held: list[Route] = []
    chat.page.route("**/webhooks/rest/conversations/*", lambda route: held.append(route))
    chat.page.reload()
    expect(chat.answers).to_have_count(1)
    assert dialog(chat).one("log").properties["busy"]


def test_what_the_chat_says_of_itself_is_announced_once(chat: Chat) -> None:
    chat.page.evaluate(LISTEN)
    chat.page.route(WEBHOOK, lambda route: route.abort())
    chat.write("hello")
    expect(chat.status.get_by_role("button")).to_be_visible()
    told = [text for text in announced(chat.page) if "cannot be reached" in text]
    assert len(told) == 1


def test_in_the_page_it_is_a_region_with_the_same_parts(page: Page, site: Site, server_url: str) -> None:
    head = "<style>career-advisor { display: block; height: 500px }</style>"
    site.put(
        "/region",
        f'<main><h1>A</h1><career-advisor></career-advisor></main><script src="{server_url}/widget.js" defer></script>',
        head=head,
    )
    page.goto(f"{site.allowed}/region")
    Chat(page).ask(SKILLS)
    region = tree(page).one("region", "Career Advisor")
    assert region.one("log").name == "Conversation" and region.one("textbox").name == "Ask a question"


# Every text, and what it stands on: colours laid over each other from the page's root down.
CONTRASTS = """() => {
    const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const rgba = (colour) => {
        pen.clearRect(0, 0, 1, 1);
        pen.fillStyle = colour;
        pen.fillRect(0, 0, 1, 1);
        return [...pen.getImageData(0, 0, 1, 1).data];
    };
    const over = ([r, g, b, a], [R, G, B]) => [r, g, b].map((v, i) => (v * a + [R, G, B][i] * (255 - a)) / 255);
    const parent = (node) => node.parentElement ?? node.getRootNode().host;
    const ground = (node) => {
        const layers = [];
        for (let at = node; at; at = parent(at)) layers.unshift(rgba(getComputedStyle(at).backgroundColor));
        return layers.reduce((below, layer) => over(layer, below), [255, 255, 255]);
    };
    const light = (rgb) => {
        const [r, g, b] = rgb.map((v) => ((v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ratio = (a, b) => {
        const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
        return (x + 0.05) / (y + 0.05);
    };
    const found = [];
    const root = document.querySelector("career-advisor").shadowRoot;
    for (const node of root.querySelectorAll("*")) {
        if (!node.checkVisibility({ visibilityProperty: true })) continue;
        const below = ground(node);
        const own = [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim());
        const style = getComputedStyle(node);
        const check = (what, colour, least) => {
            const value = ratio(over(rgba(colour), below), below);
            found.push([`${what} ${node.localName}.${node.className?.baseVal ?? node.className}`, value, least]);
        };
        if (own) check("text", style.color, 4.5);
        if (node.localName === "svg") check("icon", style.stroke, 3);
        if (node.localName === "textarea") {
            check("typed", style.color, 4.5);
            check("placeholder", getComputedStyle(node, "::placeholder").color, 4.5);
        }
        if (node.localName === "li") check("marker", getComputedStyle(node, "::marker").color, 3);
    }
    return found;
}"""


def too_faint(page: Page) -> list[Any]:
    measured = page.evaluate(CONTRASTS)
    assert len(measured) > 1
    return [each for each in measured if each[1] < each[2]]


@pytest.mark.parametrize("accent", [None, "#ffd54f", "#0a2a66"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_in_every_state_stands_out_from_its_ground(
    new_context: Callable[..., BrowserContext], server_url: str, scheme: str, accent: str | None
) -> None:
    page = new_context(color_scheme=scheme).new_page()
    page.goto(server_url)
    if accent:
        page.evaluate(f"() => CareerAdvisor.configure({{ accent: '{accent}' }})")
    chat = Chat(page)
    expect(chat.launcher).to_be_visible()
    assert too_faint(page) == []
    chat.open()
    rich = "**Bold** [link](https://a.example/) `code`\n\n> quoted\n\n- a\n\n```\npre\n```\n\n"
    rich += "| | A | B |\n|---|---|---|\n| r | x | y |"
    custom = {"kind": "answer", "facts": ["x"], "sources": [{"title": "A guide"}]}
    answer_with(page, {"text": rich, "buttons": [{"title": "More", "payload": "more"}], "custom": custom})
    answer = chat.ask("hello")
    answer.get_by_role("button", name="Not helpful").click()
    assert too_faint(page) == []
    answer.get_by_role("button", name="Too long").hover()
    assert too_faint(page) == []
    answer.get_by_role("button", name="Too long").click()
    chat.input.fill("x" * 1001)
    chat.menu.click()
    assert too_faint(page) == []
    chat.panel.get_by_role("button", name="Erase conversation").click()
    assert too_faint(page) == []
    chat.panel.get_by_role("button", name="Keep").click()
    page.unroute(WEBHOOK)
    page.route(WEBHOOK, lambda route: route.abort())
    chat.write("Is anybody there?")
    expect(chat.status.get_by_role("button")).to_be_visible()
    assert too_faint(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_launcher_has_the_colours_of_the_chat(
    new_context: Callable[..., BrowserContext], server_url: str, scheme: str
) -> None:
    page = new_context(color_scheme=scheme).new_page()
    page.goto(server_url)
    chat = Chat(page)
    colours = "(node) => [getComputedStyle(node).backgroundColor, getComputedStyle(node).color]"
    launcher = chat.launcher.evaluate(colours)
    chat.open()
    assert chat.panel.locator(".mark").evaluate(colours) == launcher
