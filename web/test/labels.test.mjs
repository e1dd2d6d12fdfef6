import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { en, fill, knownLanguage, loadLabels } from "../src/labels/index.js";

const languages = readdirSync(new URL("../src/labels", import.meta.url))
  .map((file) => file.replace(".js", ""))
  .filter((name) => name !== "index");

for (const lang of languages) {
  test(`the labels in ${lang} are complete`, async () => {
    assert.equal(knownLanguage(`${lang}-XX`), lang);
    const labels = await loadLabels(lang);
    assert.deepEqual(Object.keys(labels).sort(), Object.keys(en).sort());
    for (const text of Object.values(labels)) assert.ok(text.length);
    assert.match(labels.tooLong, /\{n\}.*\{max\}/);
  });
}

test("an unknown language is English", async () => {
  assert.equal(await loadLabels("xx"), en);
});

test("blanks are filled", () => {
  assert.equal(fill("{n} of {max} {other}", { n: 1, max: 2 }), "1 of 2 {other}");
});
