import assert from "node:assert/strict";
import { test } from "node:test";
import { Api } from "../src/core/api.js";
import { withServer } from "./helpers.mjs";

const fails = (failure, more = {}) => (error) => {
  assert.equal(error.failure, failure);
  for (const [name, value] of Object.entries(more)) assert.equal(error[name], value);
  return true;
};

test(
  "a conversation is made, written to, read and erased with its token",
  withServer({}, async ({ url }) => {
    const api = new Api(`${url}/`);
    const who = await api.createConversation();
    assert.match(who.sender, /^web-/);
    const [reply] = await api.send(who, { message: "hello", message_id: "1" });
    assert.match(reply.text, /AI engineers/);
    assert.deepEqual(
      (await api.history(who)).map(({ role }) => role),
      ["user", "bot"],
    );
    await api.erase(who);
    await assert.rejects(api.history(who), fails("missing"));
  }),
);

test(
  "without the token nobody gets in",
  withServer({}, async ({ url }) => {
    const api = new Api(url);
    const { sender } = await api.createConversation();
    await assert.rejects(api.history({ sender, token: "guess" }), fails("forbidden"));
    await assert.rejects(api.send({ sender }, { message: "hi", message_id: "1" }), fails("forbidden"));
  }),
);

test(
  "a message that is too long is rejected with the server's words",
  withServer({}, async ({ url }) => {
    const api = new Api(url);
    const who = await api.createConversation();
    const what = { message: "x".repeat(1001), message_id: "1" };
    await assert.rejects(api.send(who, what), fails("rejected", { status: 413, message: "At most 1,000 characters." }));
  }),
);

test(
  "429 tells how long to wait",
  withServer(
    { faults: () => ({ status: 429, headers: { "Retry-After": "7" }, body: { error: {} } }) },
    async ({ url }) => {
      await assert.rejects(new Api(url).createConversation(), fails("busy", { wait: 7000 }));
    },
  ),
);

test(
  "503, a lost connection and an answer that never comes are all: unreachable",
  withServer(
    {
      faults: ({ path }) =>
        path.includes("slow") ? new Promise(() => {}) : path.includes("x") ? "drop" : { status: 503, body: {} },
    },
    async ({ url }) => {
      const api = new Api(url, { timeout: 50 });
      await assert.rejects(api.createConversation(), fails("unreachable"));
      await assert.rejects(api.history({ sender: "x" }), fails("unreachable"));
      await assert.rejects(api.history({ sender: "slow" }), fails("unreachable"));
    },
  ),
);

/** A browser's fetch to a server that refuses the page's origin, or is down. */
function refusing({ down }) {
  return async (_, { mode }) => {
    if (mode === "no-cors" && !down) return new Response(null);
    throw new TypeError("Failed to fetch");
  };
}

test("a refused origin is told from a server that is down", async () => {
  const origin = "https://page.example";
  const api = (down) => new Api("https://bot.example", { origin, fetch: refusing({ down }) });
  await assert.rejects(api(false).createConversation(), fails("origin"));
  await assert.rejects(api(true).createConversation(), fails("unreachable"));
});

test("a moment without connection is not taken for a refused origin", async () => {
  let calls = 0;
  const fetch = async () => {
    if (calls++ === 0) throw new TypeError("Failed to fetch");
    return new Response("{}");
  };
  const api = new Api("https://bot.example", { origin: "https://page.example", fetch });
  await assert.rejects(api.createConversation(), fails("unreachable"));
});

test(
  "a refusal in words is understood as well",
  withServer(
    { faults: () => ({ status: 403, body: { error: { code: "origin_not_allowed", message: "no" } } }) },
    async ({ url }) => {
      await assert.rejects(new Api(url).createConversation(), fails("origin"));
    },
  ),
);
