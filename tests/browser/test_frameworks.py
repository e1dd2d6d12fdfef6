"""The widget on sites that put it in, take it out and swap pages by script, with the real libraries."""

import pytest
from playwright.sync_api import Page, expect

from .chat import SKILLS, Chat, script_tag
from .servers import Site

REACT = "react/umd/react.development.js", "react-dom/umd/react-dom.development.js"
VUE = "vue/dist/vue.global.prod.js", "vue-router/dist/vue-router.global.prod.js"
TURBO = ("@hotwired/turbo/dist/turbo.es2017-umd.js",)

STYLE = "<style>career-advisor { display: block; height: 500px }</style>"
WIDGETS = "career-advisor"


def libraries(site: Site, files: tuple[str, ...]) -> str:
    return "".join(site.library(file) for file in files)


def react_page(site: Site, server_url: str, app: str, **settings: str) -> None:
    """A page whose only content React 18 renders, in StrictMode, where every effect runs twice."""
    start = f"""<div id="root"></div><script>
        const {{ createElement: h, useState, useEffect, useRef, StrictMode }} = React;
        {app}
        addEventListener("DOMContentLoaded", () => setTimeout(() => {{
            window.root = ReactDOM.createRoot(document.getElementById("root"));
            root.render(h(StrictMode, null, h(App)));
        }}, 50));
    </script>"""
    head = STYLE + libraries(site, REACT) + script_tag(server_url, **settings)
    site.put("/react", start, head=head)


REACT_TOGGLE = """
    const App = () => {
        const [shown, show] = useState(true);
        const advisor = h("career-advisor", { "data-title": "In React" });
        return h("main", null, h("button", { onClick: () => show(!shown) }, "Toggle"), shown && advisor);
    };
"""
REACT_EFFECT = """
    const App = () => {
        const place = useRef(null);
        useEffect(() => {
            const advisor = document.createElement("career-advisor");
            place.current.append(advisor);
            return () => advisor.remove();
        }, []);
        return h("main", { ref: place });
    };
"""


def test_react_18_in_strict_mode_mounts_it_as_part_of_the_page(page: Page, site: Site, server_url: str) -> None:
    react_page(site, server_url, REACT_TOGGLE)
    page.goto(f"{site.allowed}/react")
    chat = Chat(page)
    expect(page.get_by_role("region", name="In React")).to_be_visible()
    expect(page.locator(WIDGETS)).to_have_count(1)
    expect(chat.launcher).to_have_count(0)
    chat.ask(SKILLS)


def test_what_react_takes_down_and_mounts_again_shows_the_conversation(page: Page, site: Site, server_url: str) -> None:
    react_page(site, server_url, REACT_TOGGLE)
    page.goto(f"{site.allowed}/react")
    chat = Chat(page)
    chat.ask(SKILLS)
    toggle = page.get_by_role("button", name="Toggle")
    toggle.click()
    expect(page.get_by_role("region", name="In React")).to_have_count(0)
    toggle.click()
    expect(chat.answers).to_have_count(1)
    chat.ask("and AI?")
    expect(page.locator(WIDGETS)).to_have_count(1)


def test_an_effect_that_react_runs_twice_keeps_the_conversation(page: Page, site: Site, server_url: str) -> None:
    react_page(site, server_url, REACT_EFFECT)
    page.goto(f"{site.allowed}/react")
    chat = Chat(page)
    chat.ask(SKILLS)
    sender = chat.stored()["credentials"]["sender"]
    page.reload()
    expect(chat.answers).to_have_count(1)
    expect(page.locator(WIDGETS)).to_have_count(1)
    chat.ask("and AI?")
    assert chat.stored()["credentials"]["sender"] == sender


def test_the_launcher_gives_way_to_an_element_and_comes_back_without(page: Page, site: Site, server_url: str) -> None:
    site.put("/later", '<div id="place"></div>' + script_tag(server_url), head=STYLE)
    page.goto(f"{site.allowed}/later")
    chat = Chat(page)
    expect(chat.launcher).to_be_visible()
    page.evaluate("() => place.append(document.createElement('career-advisor'))")
    expect(page.get_by_role("region", name="Career Advisor")).to_be_visible()
    expect(chat.launcher).to_have_count(0)
    chat.ask(SKILLS)
    page.evaluate("() => place.replaceChildren()")
    expect(page.get_by_role("region", name="Career Advisor")).to_have_count(0)
    expect(chat.open().answers).to_have_count(1)


def test_of_two_elements_one_is_the_chat_and_the_other_follows_it(page: Page, site: Site, server_url: str) -> None:
    site.put("/two", '<career-advisor id="a"></career-advisor><career-advisor id="b"></career-advisor>', head=STYLE)
    page.goto(f"{site.allowed}/two")
    page.add_script_tag(url=f"{server_url}/widget.js")
    region = page.get_by_role("region", name="Career Advisor")
    expect(page.locator("#a").get_by_role("region")).to_be_visible()
    expect(region).to_have_count(1)
    page.evaluate("() => a.remove()")
    expect(page.locator("#b").get_by_role("region")).to_be_visible()


def test_attributes_that_change_later_are_taken_up(page: Page, site: Site, server_url: str) -> None:
    site.put("/inline", "<career-advisor></career-advisor>" + script_tag(server_url), head=STYLE)
    page.goto(f"{site.allowed}/inline")
    expect(page.get_by_role("region", name="Career Advisor")).to_be_visible()
    page.evaluate("() => { document.querySelector('career-advisor').dataset.title = 'Renamed' }")
    expect(page.get_by_role("region", name="Renamed")).to_be_visible()


VUE_APP = """<div id="app"></div><script>
    addEventListener("DOMContentLoaded", () => {
        const home = { template: "<h1>Home</h1>" };
        const help = { template: `<career-advisor data-title="In Vue" class="mine"></career-advisor>` };
        const router = VueRouter.createRouter({
            history: VueRouter.createMemoryHistory(),
            routes: [{ path: "/", component: home }, { path: "/help", component: help }],
        });
        const app = Vue.createApp({
            template: `<nav><router-link to="/">Home</router-link> <router-link to="/help">Help</router-link></nav>
                <router-view v-slot="{ Component }"><transition name="fade"><component :is="Component" /></transition>
                </router-view>`,
        });
        app.config.compilerOptions.isCustomElement = (tag) => tag === "career-advisor";
        app.use(router).mount("#app");
    });
</script>"""


def test_a_vue_router_shows_it_on_one_page_and_a_launcher_on_the_others(
    page: Page, site: Site, server_url: str
) -> None:
    site.put("/vue", VUE_APP, head=STYLE + libraries(site, VUE) + script_tag(server_url))
    page.goto(f"{site.allowed}/vue")
    chat = Chat(page)
    expect(chat.launcher).to_be_visible()
    for _ in range(2):
        page.get_by_role("link", name="Help").click()
        expect(page.get_by_role("region", name="In Vue")).to_be_visible()
        expect(chat.launcher).to_have_count(0)
        chat.ask(SKILLS)
        page.get_by_role("link", name="Home").click()
        expect(chat.launcher).to_be_visible()
    page.get_by_role("link", name="Help").click()
    expect(chat.answers).to_have_count(2)


def turbo_pages(site: Site, server_url: str, where: str, meta: str = "") -> None:
    """Two pages between which Turbo 8 swaps the body, with the script in the head or in each body."""
    tag = script_tag(server_url)
    head = meta + libraries(site, TURBO) + (tag if where == "head" else "")
    body = tag if where == "body" else ""
    for name, other in (("first", "second"), ("second", "first")):
        site.put(f"/{name}", f'<h1>{name}</h1><a href="/{other}">to {other}</a>{body}', head=head)


@pytest.mark.parametrize("where", ["head", "body"])
def test_turbo_leaves_an_open_chat_open(page: Page, site: Site, server_url: str, where: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    turbo_pages(site, server_url, where)
    page.goto(f"{site.allowed}/first")
    page.evaluate("() => { window.same = true }")
    chat = Chat(page).open()
    chat.ask(SKILLS)
    chat.input.fill("half a quest")
    for name in ("second", "first"):
        page.get_by_role("link", name=f"to {name}").click()
        expect(page.get_by_role("heading", name=name)).to_be_visible()
        expect(chat.panel).to_be_visible()
        expect(chat.answers).to_have_count(1)
        expect(chat.input).to_have_value("half a quest")
    page.go_back()
    expect(page.get_by_role("heading", name="second")).to_be_visible()
    chat.ask("and AI?")
    assert page.evaluate("() => window.same")
    expect(page.locator(WIDGETS)).to_have_count(1)
    assert not any("twice" in text for text in said)


def test_turbo_leaves_a_closed_chat_closed(page: Page, site: Site, server_url: str) -> None:
    turbo_pages(site, server_url, "head")
    page.goto(f"{site.allowed}/first")
    chat = Chat(page)
    page.get_by_role("link", name="to second").click()
    expect(page.get_by_role("heading", name="second")).to_be_visible()
    expect(chat.launcher).to_be_visible()
    expect(chat.launcher).to_have_count(1)
    chat.open()


def test_turbo_that_morphs_a_page_leaves_the_chat_alone(page: Page, site: Site, server_url: str) -> None:
    turbo_pages(site, server_url, "head", '<meta name="turbo-refresh-method" content="morph">')
    page.goto(f"{site.allowed}/first")
    chat = Chat(page).open()
    chat.ask(SKILLS)
    page.evaluate(
        "() => new Promise((done) => {"
        " addEventListener('turbo:render', done, { once: true });"
        " Turbo.visit(location.href, { action: 'replace' }) })"
    )
    expect(chat.panel).to_be_visible()
    expect(chat.answers).to_have_count(1)


def test_an_element_in_a_page_of_turbo_is_there_after_each_visit(page: Page, site: Site, server_url: str) -> None:
    head = STYLE + libraries(site, TURBO) + script_tag(server_url)
    site.put("/chat", '<a href="/other">to other</a><career-advisor></career-advisor>', head=head)
    site.put("/other", '<h1>Other</h1><a href="/chat">to chat</a>', head=head)
    page.goto(f"{site.allowed}/chat")
    chat = Chat(page)
    chat.ask(SKILLS)
    page.get_by_role("link", name="to other").click()
    expect(page.get_by_role("heading", name="Other")).to_be_visible()
    expect(chat.launcher).to_be_visible()
    page.get_by_role("link", name="to chat").click()
    expect(chat.launcher).to_have_count(0)
    expect(chat.answers).to_have_count(1)
    page.go_back()
    expect(page.get_by_role("heading", name="Other")).to_be_visible()
    page.go_forward()
    expect(chat.answers).to_have_count(1)
    chat.ask("and AI?")
    expect(page.locator(WIDGETS)).to_have_count(1)


SWAPS = {
    "replaced": "document.body.replaceWith(document.createElement('body'))",
    "emptied": "document.body.replaceChildren()",
    "written anew": "document.body.innerHTML = '<h1>New</h1>'",
    "with all of its root": "document.documentElement.replaceChildren(document.head, document.createElement('body'))",
}


@pytest.mark.parametrize("swap", SWAPS.values(), ids=SWAPS.keys())
def test_a_body_that_is_swapped_leaves_the_chat_as_it_was(page: Page, site: Site, server_url: str, swap: str) -> None:
    site.put("/swapped", "<h1>Old</h1>", head=script_tag(server_url))
    page.goto(f"{site.allowed}/swapped")
    chat = Chat(page).open()
    chat.ask(SKILLS)
    page.evaluate(f"() => {{ {swap} }}")
    expect(chat.panel).to_be_visible()
    expect(chat.answers).to_have_count(1)
    chat.ask("and AI?")
    page.evaluate("() => CareerAdvisor.close()")
    page.evaluate(f"() => {{ {swap} }}")
    expect(chat.launcher).to_be_visible()
    expect(page.locator(WIDGETS)).to_have_count(1)
