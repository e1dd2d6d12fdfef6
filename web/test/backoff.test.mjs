import assert from "node:assert/strict";
import { test } from "node:test";
import { backoff, retryAfter } from "../src/core/backoff.js";

const middle = () => 0.5;

test("pauses double from one second up to half a minute", () => {
  const pauses = [1, 2, 3, 4, 5, 6, 7].map((attempt) => backoff(attempt, middle));
  assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 16000, 30000, 30000]);
});

test("pauses are spread by a fifth either way", () => {
  assert.equal(backoff(1, () => 0), 800);
  assert.equal(backoff(1, () => 1), 1200);
});

test("Retry-After is read as seconds or as a date, and never longer than two minutes", () => {
  assert.equal(retryAfter("3"), 3000);
  assert.equal(retryAfter(new Date(10000).toUTCString(), 4000), 6000);
  assert.equal(retryAfter("9999"), 120000);
  assert.equal(retryAfter("soon"), null);
  assert.equal(retryAfter(null), null);
});
