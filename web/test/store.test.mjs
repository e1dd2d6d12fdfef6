import assert from "node:assert/strict";
import { test } from "node:test";
import { Store, emptyState } from "../src/core/store.js";
import { memoryStorage } from "./helpers.mjs";

test("a conversation's key has 128 random bits", () => {
  assert.match(emptyState().key, /^[0-9a-f]{32}$/);
  assert.notEqual(emptyState().key, emptyState().key);
});

test("what is saved is loaded, the last two hundred messages of it", () => {
  const storage = memoryStorage();
  const state = emptyState();
  for (let i = 0; i < 250; i++) state.messages.push({ id: String(i), role: "user", text: "x" });
  new Store("https://bot.example/", () => storage).save(state);
  const loaded = new Store("https://bot.example", () => storage).load();
  assert.equal(loaded.key, state.key);
  assert.equal(loaded.messages.length, 200);
  assert.equal(loaded.messages.at(-1)?.id, "249");
});

test("servers do not share conversations", () => {
  const storage = memoryStorage();
  new Store("https://a.example", () => storage).save({ ...emptyState(), draft: "mine" });
  assert.equal(new Store("https://b.example", () => storage).load().draft, "");
});

test("blocked or damaged storage is the same as none, but for the page's life", () => {
  const store = new Store("https://a.example", () => {
    throw new Error("blocked");
  });
  assert.deepEqual(store.load().messages, []);
  store.save({ ...emptyState(), draft: "kept" });
  assert.equal(store.load().draft, "kept");
  const broken = { getItem: () => "{", setItem() {} };
  assert.equal(new Store("https://a.example", () => broken).load().draft, "");
});
