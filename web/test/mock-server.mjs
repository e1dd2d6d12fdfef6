/**
 * A server that keeps the widget's HTTP contract, for tests. Run it alone with
 * `node test/mock-server.mjs --port 0 --allow ORIGIN`; it prints its address.
 */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { answersTo } from "./mock-answers.mjs";

const STATIC = fileURLToPath(new URL("../../bot/web/static/", import.meta.url));
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
};
const secret = () => randomBytes(18).toString("base64url");
const failure = (status, code, message, headers = {}) => ({
  status,
  headers,
  body: { error: { code, message } },
});

/**
 * @param {{allow?: string[], faults?: (request: {path: string, method: string, body: any}) => any}} [how]
 *   `faults` may answer in the place of the server: with a reply, `"drop"` (connection lost before
 *   the work), `"lose"` (after it), or a promise of one.
 */
export function mockServer({ allow = [], faults = () => null } = {}) {
  const conversations = new Map();
  const feedback = [];

  function open(headers, sender) {
    const known = conversations.get(sender);
    if (known && (!known.token || headers.authorization === `Bearer ${known.token}`)) return known;
    if (known || sender.startsWith("web-")) return null;
    const made = { token: undefined, messages: [], answered: new Map() };
    return conversations.set(sender, made).get(sender);
  }

  const routes = {
    "GET /widget/config": () => ({ status: 200, body: {} }),
    "GET /health": () => ({ status: 200, body: { status: "ok" } }),
    "POST /webhooks/rest/conversations"() {
      const [sender, token] = [`web-${secret()}`, secret()];
      conversations.set(sender, { token, messages: [], answered: new Map() });
      return { status: 201, body: { sender, token } };
    },
    "POST /webhooks/rest/webhook"({ headers, body }) {
      const { sender, message, message_id: id } = body ?? {};
      if (typeof sender !== "string" || typeof message !== "string" || !message) {
        return failure(400, "bad_request", "sender and message are needed");
      }
      if ([...message].length > 1000) return failure(413, "too_long", "At most 1,000 characters.");
      const conversation = open(headers, sender);
      if (!conversation) return failure(403, "forbidden", "not your conversation");
      if (!conversation.answered.has(id)) {
        const time = new Date().toISOString();
        const replies = answersTo(message).map((reply) => ({ ...reply, id: secret() }));
        conversation.messages.push({ role: "user", text: message, id: secret(), time });
        conversation.messages.push(...replies.map((reply) => ({ role: "bot", time, ...reply })));
        const sent = replies.map((reply) => ({ recipient_id: sender, ...reply }));
        conversation.answered.set(id ?? secret(), sent);
        return { status: 200, body: sent };
      }
      return { status: 200, body: conversation.answered.get(id) };
    },
    "POST /webhooks/rest/feedback"({ headers, body }) {
      if (!open(headers, body?.sender ?? "web-")) return failure(403, "forbidden", "not yours");
      feedback.push(body);
      return { status: 204 };
    },
  };

  function route({ method, url, headers, body }) {
    const { pathname } = new URL(url, "http://mock");
    const known = routes[`${method} ${pathname}`];
    if (known) return known({ headers, body });
    const [, id] = /^\/webhooks\/rest\/conversations\/([^/]+)$/.exec(pathname) ?? [];
    if (!id) return method === "GET" ? file(pathname) : failure(404, "not_found", "no such path");
    const sender = decodeURIComponent(id);
    if (!conversations.has(sender)) return failure(404, "not_found", "no such conversation");
    const conversation = open(headers, sender);
    if (!conversation) return failure(403, "forbidden", "not your conversation");
    if (method === "GET") return { status: 200, body: { messages: conversation.messages } };
    conversations.delete(sender);
    return { status: 204 };
  }

  const server = createServer(async (request, response) => {
    const { method = "GET", url = "/", headers } = request;
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const body = text ? JSON.parse(text) : undefined;
    const origin = headers.origin;
    const own = `http://${headers.host}`;
    const isFile = method === "GET" && /^\/(widget\.js|widget\/[\w-]+\.\w+)?$/.test(url);
    const cors = isFile
      ? { "Access-Control-Allow-Origin": "*" }
      : origin && allow.includes(origin)
        ? {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": "GET, POST, DELETE",
            "Access-Control-Allow-Headers": "authorization, content-type",
            "Access-Control-Expose-Headers": "Retry-After",
            Vary: "Origin",
          }
        : {};
    const send = (answer) => {
      const raw = answer.raw ?? (answer.body === undefined ? "" : JSON.stringify(answer.body));
      const type = answer.raw ? {} : { "Content-Type": "application/json" };
      response.writeHead(answer.status, { ...type, ...cors, ...answer.headers }).end(raw);
    };
    if (!isFile && origin && origin !== own && !allow.includes(origin)) {
      return send(failure(403, "origin_not_allowed", `${origin} is not in ALLOWED_ORIGINS`));
    }
    if (method === "OPTIONS") return send({ status: 204 });
    const fault = await faults({ path: url, method, body });
    if (fault === "drop") return request.socket.destroy();
    if (fault && fault !== "lose") return send(fault);
    const answer = await route({ method, url, headers, body });
    if (fault === "lose") return request.socket.destroy();
    send(answer);
  });
  return { server, conversations, feedback };
}

async function file(pathname) {
  const name = path.normalize(pathname === "/" ? "index.html" : pathname.slice(1));
  const raw = await readFile(path.join(STATIC, name)).catch(() => null);
  if (!raw || name.startsWith("..")) return failure(404, "not_found", "no such file");
  const hashed = name.startsWith("widget/") ? "public, max-age=31536000, immutable" : "max-age=300";
  const headers = { "Content-Type": TYPES[path.extname(name)] ?? "", "Cache-Control": hashed };
  return { status: 200, raw, headers };
}

/** @param {import("node:http").Server} server @returns {Promise<string>} its address */
export function listen(server, port = 0) {
  return new Promise((resolve) => {
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === "object" && address?.port}`);
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { port: { type: "string" }, allow: { type: "string", multiple: true } },
  });
  const { server } = mockServer({ allow: values.allow });
  console.log(await listen(server, Number(values.port ?? 0)));
}
