/** Builds the widget and the demo page into the folder that the server serves. */
import { build } from "esbuild";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { minify } from "terser";

const web = fileURLToPath(new URL("..", import.meta.url));
const out = path.resolve(process.argv[2] ?? path.join(web, "../bot/web/static"));
const NOTICE = "/* Licences of what is bundled here: widget/licences.txt */";
const common = {
  bundle: true,
  minify: true,
  target: "es2022",
  legalComments: "none",
};

const hash = (content) => createHash("sha256").update(content).digest("hex").slice(0, 10);

/** CSS and HTML in template strings carry their indentation; a browser needs none of it. */
const squeezeTemplates = {
  name: "squeeze-templates",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]views[\\/]\w+\.js$/ }, async ({ path: file }) => {
      const source = await readFile(file, "utf8");
      return { contents: source.replace(/\n\s+/g, "\n"), loader: "js" };
    });
    onLoad({ filter: /[\\/]styles[\\/]\w+\.js$/ }, async ({ path: file }) => {
      const source = await readFile(file, "utf8");
      const contents = source.replace(/css`([^`]*)`/g, (_, css) => {
        const short = css.replace(/\/\*.*?\*\//gs, "").replace(/\s+/g, " ");
        return `css\`${short.replace(/\s*([{};,])\s*/g, "$1").replace(/: /g, ":")}\``;
      });
      return { contents, loader: "js" };
    });
  },
};

/** Builds the chat and its languages, each named by its content; returns the chat's name. */
async function chat() {
  const { outputFiles } = await build({
    ...common,
    entryPoints: { chat: path.join(web, "src/chat/index.js") },
    outdir: path.join(out, "widget"),
    chunkNames: "[name]",
    format: "esm",
    splitting: true,
    write: false,
    plugins: [squeezeTemplates],
  });
  const names = new Map();
  // The chat comes last, since its content holds the names of the others.
  const byNeed = (a, b) => a.path.endsWith("chat.js") - b.path.endsWith("chat.js");
  for (const { path: file, text } of outputFiles.sort(byNeed)) {
    const { name } = path.parse(file);
    const { code } = await smallest(text, true);
    const linked = NOTICE + code.replace(/"\.\/(\w+)\.js"/g, (_, other) => `"./${names.get(other)}"`);
    names.set(name, `${name}-${hash(linked)}.js`);
    await writeFile(path.join(out, "widget", names.get(name)), linked);
  }
  return `widget/${names.get("chat")}`;
}

const smallest = (text, module) => minify(text, { module, ecma: 2020, compress: { passes: 2 } });

async function loader(chatFile) {
  const { outputFiles } = await build({
    ...common,
    entryPoints: [path.join(web, "src/loader/index.js")],
    format: "iife",
    write: false,
    define: { __CHAT_FILE__: JSON.stringify(chatFile) },
  });
  const { code } = await smallest(outputFiles[0].text, false);
  await writeFile(path.join(out, "widget.js"), code);
}

/** The demo page's files get their hash into their name, and the page the names. */
async function demo() {
  const folder = path.join(web, "demo");
  let page = await readFile(path.join(folder, "index.html"), "utf8");
  for (const name of await readdir(folder)) {
    if (name === "index.html") continue;
    const content = await readFile(path.join(folder, name));
    const { name: stem, ext } = path.parse(name);
    const target = `widget/${stem}-${hash(content)}${ext}`;
    await writeFile(path.join(out, target), content);
    page = page.replaceAll(`"${name}"`, `"${target}"`);
  }
  await writeFile(path.join(out, "index.html"), page);
}

/** The licences of what is bundled ask to be passed on with it. */
async function licences() {
  const packages = ["lit", "lit-html", "@lit/reactive-element", "marked"];
  const texts = packages.map(async (name) => {
    const folder = path.join(web, "node_modules", name);
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    return `${name}\n\n${await readFile(path.join(folder, file), "utf8")}`;
  });
  await writeFile(path.join(out, "widget/licences.txt"), (await Promise.all(texts)).join("\n\n"));
}

await rm(out, { recursive: true, force: true });
await mkdir(path.join(out, "widget"), { recursive: true });
await loader(await chat());
await demo();
await licences();
