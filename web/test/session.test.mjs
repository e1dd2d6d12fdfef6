import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { first, sessionAt, texts, withServer } from "./helpers.mjs";

/** Waits for the next change of the session after which `condition` holds. */
function until(session, condition) {
  return new Promise((resolve) => {
    const check = () => condition() && resolve();
    session.addEventListener("change", check);
    check();
  });
}

test(
  "a question is answered under an id that the server issued",
  withServer({}, async ({ url, conversations }) => {
    const session = sessionAt(url);
    await session.restore();
    await session.ask("hello");
    assert.deepEqual(texts(session), ["user: hello", "bot: I compare th"]);
    assert.deepEqual([...conversations.keys()], [session.state.credentials.sender]);
  }),
);

test(
  "a button shows its title and sends its payload",
  withServer({}, async ({ url, conversations }) => {
    const session = sessionAt(url);
    await session.restore();
    await session.ask("Prepare data", '/quiz{"choice":"data"}');
    assert.equal(session.messages[0].text, "Prepare data");
    const [{ messages }] = conversations.values();
    assert.equal(messages[0].text, '/quiz{"choice":"data"}');
  }),
);

test(
  "a message whose answer was lost is sent again and counted once",
  withServer({ faults: first("lose") }, async ({ url, conversations }) => {
    const session = sessionAt(url);
    await session.restore();
    await session.ask("hello");
    assert.equal(session.status.kind, "unreachable");
    assert.equal(session.messages[0].pending, true);
    await session.outbox.pump();
    assert.deepEqual(texts(session), ["user: hello", "bot: I compare th"]);
    const [{ messages }] = conversations.values();
    assert.equal(messages.length, 2);
    assert.equal(session.status, null);
  }),
);

test(
  "what waits is tried again by itself after growing pauses",
  withServer({ faults: first("drop", "drop", "drop") }, async ({ url }) => {
    const pauses = [];
    const later = (action, ms) => {
      pauses.push(ms);
      return setTimeout(action);
    };
    const session = sessionAt(url, { later });
    await session.restore();
    await session.ask("hello");
    await until(session, () => session.messages.length === 2);
    assert.equal(pauses.length, 3);
    const [one, two, three] = pauses;
    assert.ok(one <= 1200 && two >= 1600 && three >= 3200, String(pauses));
  }),
);

test(
  "several questions wait in line and are answered in order",
  withServer({ faults: first("drop") }, async ({ url }) => {
    const session = sessionAt(url);
    await session.restore();
    await session.ask("What skills?");
    session.messages[0].text = "What skills?";
    await session.ask("hello");
    assert.deepEqual(texts(session), [
      "user: What skills?",
      "bot: ML engineers",
      "user: hello",
      "bot: I compare th",
    ]);
  }),
);

test(
  "a rejected message goes back into the input with the reason",
  withServer({}, async ({ url }) => {
    const session = sessionAt(url);
    await session.restore();
    await session.ask("x".repeat(1001));
    assert.equal(session.messages.length, 0);
    assert.equal(session.state.draft.length, 1001);
    assert.deepEqual(session.status, { kind: "rejected", detail: "At most 1,000 characters." });
  }),
);

test(
  "an unsent message can be taken back",
  withServer({ faults: first("drop") }, async ({ url, conversations }) => {
    const session = sessionAt(url);
    await session.restore();
    await session.ask("hello");
    session.takeBack(session.messages[0]);
    assert.equal(session.state.draft, "hello");
    assert.deepEqual(texts(session), []);
    assert.equal([...conversations.values()][0].messages.length, 0);
  }),
);

test(
  "a conversation that the server forgot goes on under a new id",
  withServer({}, async ({ url, conversations }) => {
    const session = sessionAt(url);
    await session.restore();
    await session.ask("hello");
    const before = session.state.credentials.sender;
    conversations.clear();
    await session.ask("hello again");
    assert.notEqual(session.state.credentials.sender, before);
    assert.equal(session.messages.length, 4);
  }),
);

test(
  "a site's own sender id is used, with its metadata",
  withServer({}, async ({ url, conversations }) => {
    const session = sessionAt(url, { options: { sender: "member-1", metadata: { plan: "x" } } });
    await session.restore();
    await session.ask("hello");
    assert.deepEqual([...conversations.keys()], ["member-1"]);
  }),
);

test(
  "ratings name the facts and the reply",
  withServer({}, async ({ url, feedback }) => {
    const session = sessionAt(url);
    await session.restore();
    await session.ask("What skills?");
    await session.rate(session.messages[1], "down", "too_long");
    const { sender } = session.state.credentials;
    const { replyId } = session.messages[1];
    const facts = ["ml_engineer.skills.one", "ml_engineer.skills.two"];
    assert.deepEqual(feedback, [
      { sender, facts, message_id: replyId, rating: "down", reason: "too_long" },
    ]);
  }),
);

test("a server that hangs is spoken of after six seconds and may be tried again after twelve", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const session = sessionAt("https://bot.example");
  const sent = [];
  session.api.createConversation = async () => ({ sender: "web-1", token: "t" });
  session.api.send = mock.fn((who, { message_id: id }) => new Promise((answer) => sent.push({ id, answer })));
  await session.restore();
  void session.ask("hello");
  const settled = () => new Promise(setImmediate);
  await settled();
  context.mock.timers.tick(5999);
  assert.equal(session.status, null);
  context.mock.timers.tick(1);
  assert.equal(session.status.kind, "slow");
  context.mock.timers.tick(6000);
  assert.equal(session.status.kind, "stuck");
  const again = session.outbox.retry();
  assert.equal(session.status, null);
  await settled();
  sent[0].answer([{ text: "Too late." }]);
  sent[1].answer([{ text: "Here." }]);
  await again;
  assert.equal(sent[0].id, sent[1].id);
  assert.deepEqual(texts(session), ["user: hello", "bot: Here."]);
  context.mock.timers.tick(60000);
  assert.equal(session.status, null);
});
