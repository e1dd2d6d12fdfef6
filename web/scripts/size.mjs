/** Fails where a built file is larger, gzipped, than a visitor should have to load. */
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const out = path.resolve(
  process.argv[2] ?? fileURLToPath(new URL("../../bot/web/static", import.meta.url)),
);
const KB = 1000;

/** @param {string[]} files */
async function gzipped(files) {
  const parts = await Promise.all(files.map((file) => readFile(path.join(out, file))));
  return parts.reduce((sum, part) => sum + gzipSync(part, { level: 9 }).length, 0);
}

/** The chat's file and all that it imports before it can run. */
async function chatFiles() {
  const names = await readdir(path.join(out, "widget"));
  const needed = new Set(names.filter((name) => /^chat-\w+\.js$/.test(name)));
  for (const name of needed) {
    const text = await readFile(path.join(out, "widget", name), "utf8");
    for (const [, other] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) needed.add(other);
  }
  return [...needed].map((name) => `widget/${name}`);
}

const checks = [
  ["loader", await gzipped(["widget.js"]), 5 * KB],
  ["chat", await gzipped(await chatFiles()), 45 * KB],
];

let failed = false;
for (const [name, size, limit] of checks) {
  const over = size > limit;
  failed ||= over;
  console.log(`${name}: ${size} bytes gzipped, ${over ? "OVER" : "within"} ${limit}`);
}
process.exit(failed ? 1 : 0);
