import assert from "node:assert/strict";
import { test } from "node:test";
import { first, memoryStorage, sessionAt, texts, withServer } from "./helpers.mjs";

test(
  "a reload shows the tab's conversation, and what the server knows more",
  withServer({}, async ({ url, conversations }) => {
    const storage = memoryStorage();
    const before = sessionAt(url, { storage });
    await before.restore();
    await before.ask("hello");
    const [{ messages }] = conversations.values();
    messages.push({ role: "bot", text: "One thing more.", id: "z" });
    const after = sessionAt(url, { storage });
    await after.restore();
    assert.deepEqual(texts(after), texts(before));
    await after.catchUp();
    assert.equal(after.messages.at(-1).text, "One thing more.");
  }),
);

test(
  "a message still under way at a reload is answered after it, once",
  withServer({ faults: first("lose") }, async ({ url, conversations }) => {
    const storage = memoryStorage();
    const before = sessionAt(url, { storage });
    await before.restore();
    await before.ask("hello");
    before.leave();
    const after = sessionAt(url, { storage });
    await after.restore();
    await after.catchUp();
    assert.deepEqual(texts(after), ["user: hello", "bot: I compare th"]);
    assert.equal([...conversations.values()][0].messages.length, 2);
  }),
);

test(
  "starting over leaves the old conversation, erasing reaches both",
  withServer({}, async ({ url, conversations }) => {
    const session = sessionAt(url);
    await session.restore();
    await session.ask("hello");
    session.startOver();
    assert.deepEqual(texts(session), []);
    await session.ask("hello");
    assert.equal(conversations.size, 2);
    await session.erase();
    assert.equal(conversations.size, 0);
    assert.deepEqual(session.status, { kind: "erased" });
  }),
);

test(
  "where the site names its visitors, starting over erases what is under the name",
  withServer({}, async ({ url, conversations }) => {
    conversations.set("web-own", { token: "t", messages: [], answered: new Map() });
    const session = sessionAt(url, { options: { sender: "web-own", token: "t" } });
    await session.restore();
    await session.ask("hello");
    assert.equal(conversations.get("web-own").messages.length, 2);
    session.startOver();
    assert.deepEqual(texts(session), []);
    assert.deepEqual(session.state.credentials, { sender: "web-own", token: "t" });
    for (let tries = 0; conversations.has("web-own") && tries < 100; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert.equal(conversations.has("web-own"), false);
  }),
);

test(
  "without a token, starting over is said in the conversation",
  withServer({}, async ({ url, conversations }) => {
    const session = sessionAt(url, { options: { sender: "visitor-7" } });
    await session.restore();
    await session.ask("hello");
    session.startOver();
    const { messages } = conversations.get("visitor-7");
    for (let tries = 0; messages.length < 4 && tries < 100; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert.equal(messages[2].text, "start over");
    assert.deepEqual(texts(session), []);
  }),
);

let down = false;
test(
  "what cannot be erased now is erased at the next visit",
  withServer({ faults: () => (down ? "drop" : null) }, async ({ url, conversations }) => {
    const storage = memoryStorage();
    const session = sessionAt(url, { storage });
    await session.restore();
    await session.ask("hello");
    down = true;
    await session.erase();
    assert.deepEqual(texts(session), []);
    assert.equal(session.status.kind, "eraseLater");
    down = false;
    const later = sessionAt(url, { storage });
    await later.restore();
    await later.catchUp();
    assert.equal(conversations.size, 0);
  }),
);

test(
  "a page that is left before it has read what the tab remembers does not overwrite it",
  withServer({}, async ({ url }) => {
    const storage = memoryStorage();
    const before = sessionAt(url, { storage });
    await before.restore();
    await before.ask("hello");
    before.remember({ open: true });
    before.leave();
    const brief = sessionAt(url, { storage });
    const reading = brief.restore();
    brief.refused();
    brief.leave();
    assert.equal(await reading, false);
    const after = sessionAt(url, { storage });
    assert.equal(await after.restore(), true);
    assert.deepEqual(texts(after), texts(before));
    assert.equal(after.state.open, true);
  }),
);

test(
  "what is typed or asked before that waits for it",
  withServer({}, async ({ url }) => {
    const storage = memoryStorage();
    const before = sessionAt(url, { storage });
    await before.restore();
    await before.ask("hello");
    const after = sessionAt(url, { storage });
    const reading = after.restore();
    after.state.draft = "half a";
    const asked = after.ask("hello");
    await Promise.all([reading, asked]);
    assert.equal(after.messages.length, 4);
    assert.equal(after.state.draft, "half a");
  }),
);
