import assert from "node:assert/strict";
import { test } from "node:test";
import { TabClaim } from "../src/core/tab.js";

test("a conversation held by another page is taken, any other is free", async () => {
  const [one, two] = [new TabClaim(), new TabClaim()];
  one.hold("a");
  two.hold("b");
  assert.equal(await two.taken("a"), true);
  assert.equal(await two.taken("c"), false);
  assert.equal(await one.taken("a"), false);
  one.release();
  assert.equal(await two.taken("a"), false);
  two.release();
});

test("where browsers have no channel, nothing is taken", async () => {
  const claim = new TabClaim(() => {
    throw new Error("none");
  });
  claim.hold("a");
  assert.equal(await claim.taken("a"), false);
});
