import assert from "node:assert/strict";
import { test } from "node:test";
import { toJson } from "../src/core/json.js";
import { isMessage, readState } from "../src/core/state.js";
import { Store, emptyState } from "../src/core/store.js";
import { fromReply } from "../src/core/transcript.js";
import { memoryStorage } from "./helpers.mjs";

const message = { id: "1", role: "bot", text: "Yes.", buttons: [{ title: "A", payload: "a" }] };
const sources = [{ title: "A guide", section: null, url: null }];
const full = {
  ...emptyState(),
  credentials: { sender: "web-1", token: "t" },
  past: [{ sender: "web-0" }],
  messages: [message, { ...message, custom: { kind: "answer", facts: ["f"], sources } }],
  open: true,
};
const without = (name) => Object.fromEntries(Object.entries(full).filter(([key]) => key !== name));

test("what was stored is read as it was, what is not there or not known is left out", () => {
  assert.deepEqual(readState(JSON.stringify(full)), full);
  assert.deepEqual(readState(JSON.stringify({ ...without("past"), later: 1 })), without("past"));
  assert.deepEqual(readState(null), {});
});

for (const name of Object.keys(full)) {
  for (const wrong of [7, "text", [7], [[]], {}, true]) {
    const state = { ...full, [name]: wrong };
    if (typeof wrong === typeof full[name] && !Array.isArray(wrong) && typeof wrong !== "object") continue;
    test(`${JSON.stringify(wrong)} as ${name} is damage, and all is dropped`, () => {
      assert.deepEqual(readState(JSON.stringify(state)), {});
    });
  }
}

test("what is no object at all is the same as none", () => {
  for (const text of ["", "{", "null", "7", '"text"', "[]", "[1]"]) assert.deepEqual(readState(text), {});
});

test("a reply with parts of another shape keeps its text", () => {
  for (const odd of [{ buttons: ["Yes"] }, { custom: { sources: [7] } }, { id: 7 }, { text: 7 }]) {
    const reply = fromReply({ text: "Yes.", ...odd });
    assert.ok(isMessage(reply), JSON.stringify(odd));
    assert.equal(reply.text, String(odd.text ?? "Yes."));
  }
});

test("arrays are stored as arrays where a page gives them a toJSON", () => {
  const storage = memoryStorage();
  const store = new Store("https://bot.example", () => storage);
  Object.defineProperty(Array.prototype, "toJSON", { value: () => "text", configurable: true });
  try {
    store.save(full);
    assert.equal(toJson({ list: [[1]], day: new Date(0) }), '{"list":[[1]],"day":"1970-01-01T00:00:00.000Z"}');
  } finally {
    delete Array.prototype.toJSON;
  }
  assert.deepEqual(store.load().messages, JSON.parse(JSON.stringify(full.messages)));
});
