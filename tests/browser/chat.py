"""The widget as a test sees it."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, Request, Route, expect

from .servers import WEB

AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"

SKILLS = "What skills does an ML engineer need?"
COMPARE = "Compare AI engineers and ML engineers"
SUITS = "Which one suits me?"

WEBHOOK = "**/webhooks/rest/webhook"


class Chat:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.launcher = page.locator("career-advisor").locator("button[part=launcher]")
        self.panel = page.locator("career-advisor-chat [part=panel]")
        self.log = self.panel.get_by_role("log")
        self.input = self.panel.locator("textarea")
        self.send = self.panel.locator("button.send")
        self.status = self.panel.get_by_role("status")
        self.choices = self.panel.locator(".choice")
        self.typing = self.panel.locator(".typing")
        self.menu = self.panel.locator("#menu-button")

    @property
    def answers(self) -> Locator:
        """The bot's messages but for the greeting."""
        return self.log.locator(".bot:not([data-id=greeting])")

    @property
    def questions(self) -> Locator:
        return self.log.locator(".user .bubble")

    def open(self) -> "Chat":
        self.launcher.click()
        expect(self.panel).to_be_visible()
        expect(self.log.locator("[data-id=greeting]")).to_be_visible()
        return self

    def ask(self, text: str) -> Locator:
        """Asks and waits for the answer, which is returned."""
        count = self.answers.count()
        self.write(text)
        expect(self.typing).to_have_count(0)
        expect(self.answers.nth(count)).to_be_visible()
        return self.answers.last

    def write(self, text: str) -> None:
        self.input.fill(text)
        self.input.press("Enter")

    def choose_in_menu(self, name: str) -> None:
        self.menu.click()
        self.panel.locator("#menu").get_by_role("button", name=name).click()

    def stored(self) -> dict[str, Any]:
        script = """() => {
            const key = Object.keys(sessionStorage).find((k) => k.startsWith("career-advisor:"));
            return key ? JSON.parse(sessionStorage.getItem(key)) : {};
        }"""
        return dict(self.page.evaluate(script))


def focused(page: Page) -> str:
    """Tag, id and text of what has the focus, shadow roots included."""
    return str(
        page.evaluate(
            """() => {
                let at = document.activeElement;
                while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
                return `${at.localName}#${at.id} ${at.getAttribute("aria-label") ?? at.innerText}`;
            }"""
        )
    )


def answer_with(page: Page, *messages: dict[str, Any]) -> None:
    """Has the server say something it would not say by itself."""
    replies = [{"recipient_id": "x", **message} for message in messages]

    def reply(route: Route) -> None:
        origin = route.request.headers.get("origin", "")
        headers = {"Access-Control-Allow-Origin": origin, "Content-Type": "application/json"}
        route.fulfill(status=200, headers=headers, body=json.dumps(replies))

    page.route(WEBHOOK, reply)


def body_of(request: Request) -> dict[str, Any]:
    return dict(request.post_data_json or {})


class HeldAnswer:
    """Keeps the server's next answer back until it is released."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.routes: list[Route] = []
        page.route(WEBHOOK, lambda route: self.routes.append(route))

    def release(self) -> None:
        while not self.routes:
            self.page.evaluate("() => 0")
        self.routes[0].continue_()
        self.page.unroute(WEBHOOK)


def axe_violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def script_tag(server_url: str, **attributes: str) -> str:
    data = "".join(f" data-{name.replace('_', '-')}='{value}'" for name, value in attributes.items())
    return f'<script src="{server_url}/widget.js" defer{data}></script>'


def built(name: str) -> Path:
    return WEB.parent / "bot" / "web" / "static" / name
