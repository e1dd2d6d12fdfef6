import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { contrast, css, parse, readableOn, textOn } from "../src/loader/colour.js";
import { clean, fromAttributes } from "../src/loader/options.js";

/** Runs `action` and returns what it said in the console. */
function warnings(action) {
  const warn = mock.method(console, "warn", () => {});
  action();
  const said = warn.mock.calls.map(({ arguments: [text] }) => text);
  warn.mock.restore();
  return said;
}

test("attributes become options", () => {
  const data = {
    server: "https://bot.example",
    position: "bottom-left",
    suggestions: "One? | Two?",
    metadata: '{"page":"home"}',
    open: "",
  };
  assert.deepEqual(fromAttributes(data), {
    server: "https://bot.example",
    position: "left",
    suggestions: ["One?", "Two?"],
    metadata: { page: "home" },
    open: true,
  });
  assert.deepEqual(fromAttributes({ suggestions: '["A | B?"]' }), { suggestions: ["A | B?"] });
  assert.deepEqual(fromAttributes({ open: "false" }), { open: false });
});

test("what is not understood is left out and said in the console", () => {
  const said = warnings(() => {
    assert.deepEqual(clean({ theme: "pink", nonsense: 1, title: "T", metadata: [1] }), { title: "T" });
    assert.deepEqual(fromAttributes({ metadata: "{" }), {});
  });
  assert.equal(said.length, 4);
  assert.match(said[0], /theme/);
});

test("any accent gets a text colour that can be read on it", () => {
  for (const hex of ["#ffffff", "#000000", "#ff0000", "#0b5d4e", "#ffd54f", "#777777", "#00a0ff"]) {
    const colour = parse(hex);
    assert.ok(contrast(colour, textOn(colour)) >= 4.5, hex);
    for (const ground of [[255, 255, 255], [22, 28, 30]]) {
      assert.ok(contrast(readableOn(colour, ground), ground) >= 4.5, hex);
    }
  }
});

test("colours are read and written as hexadecimal", () => {
  assert.equal(css(parse("#0B5d4e")), "#0b5d4e");
  assert.equal(parse("teal"), null);
});
