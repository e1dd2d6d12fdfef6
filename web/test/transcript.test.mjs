import assert from "node:assert/strict";
import { test } from "node:test";
import { reconcile, upToDate } from "../src/core/history.js";
import { body, cited, copyText, sourceLine, toMarkdown } from "../src/core/transcript.js";

const sources = [{ title: "A guide", publisher: "Press", date: "2025-06-11", section: "Skills" }];
const answer = {
  id: "1",
  role: "bot",
  text: "**Short** answer.\n\n_Source: A guide, Skills_",
  custom: { kind: "answer", sources },
};

test("the source is shown once, with its date in words", () => {
  assert.equal(body(answer), "**Short** answer.");
  assert.equal(sourceLine(answer), "A guide, Skills · Press · June 11, 2025");
  assert.equal(copyText(answer), "**Short** answer.\n\nSource: A guide, Skills · Press · June 11, 2025");
});

test("a source is named once with all its sections, edition and credit", () => {
  const survey = { title: "Survey", publisher: "P", date: "2024-01-01", edition: "spring", credit: "By P." };
  const many = [
    ...sources,
    { ...survey, section: "Pay", outdated_from: "2025-03-01" },
    { ...sources[0], section: "Tools" },
    { ...survey, section: "Jobs", outdated_from: "2025-03-01" },
  ];
  assert.equal(
    sourceLine({ custom: { sources: many } }),
    "A guide, Skills, Tools · Press · June 11, 2025; " +
      "Survey, Pay, Jobs · P · spring (out of date since March 1, 2025). By P.",
  );
});

test("only addresses of the web are linked", () => {
  const urls = ["https://a.example/", "http://a.example", "javascript:alert(1)", "//a.example", "ftp://a.example", ""];
  const linked = cited({ custom: { sources: urls.map((url) => ({ title: url, url })) } }).map(({ url }) => url);
  assert.deepEqual(linked, [urls[0], urls[1], undefined, undefined, undefined, undefined]);
});

test("a text that names its source itself is left alone where no sources come with it", () => {
  assert.equal(body({ ...answer, custom: undefined }), answer.text);
});

test("the download is Markdown in which the visitor's words are no markup", () => {
  const question = { id: "0", role: "user", text: "What about *this* <b>?" };
  const words = { title: "Advisor", you: "You", advisor: "Bot", date: "today" };
  assert.equal(
    toMarkdown([question, { ...answer, custom: undefined, text: "Yes." }], words),
    "# Advisor\n\ntoday\n\n**You:** What about \\*this\\* \\<b\\>?\n\n**Bot:**\n\nYes.\n",
  );
});

const remote = [
  { id: "a", role: "bot", text: "Which?", buttons: [{ title: "Data", payload: "/quiz{1}" }] },
  { id: "b", role: "user", text: "/quiz{1}" },
  { id: "c", role: "bot", text: "Then ML." },
];

test("a pressed button comes back from the server with its title", () => {
  assert.deepEqual(
    reconcile([], remote).map(({ text }) => text),
    ["Which?", "Data", "Then ML."],
  );
});

test("ratings survive", () => {
  const local = [{ id: "x", role: "bot", text: "Then ML.", replyId: "c", rating: "up" }];
  assert.equal(reconcile(local, remote)[2].rating, "up");
});

test("the same answers need no change on screen", () => {
  const local = remote.map((message) => ({ ...message, id: `local-${message.id}` }));
  assert.equal(upToDate(local, remote), true);
  assert.equal(upToDate(local.slice(1), remote), false);
});
