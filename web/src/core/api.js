import { retryAfter } from "./backoff.js";
import { toJson } from "./json.js";
import { isMessage } from "./state.js";

/** @import { Credentials, Message, Options } from "./types.js" */

/** @typedef {"unreachable" | "origin" | "busy" | "rejected" | "forbidden" | "missing"} Failure */

export class ApiError extends Error {
  /**
   * @param {Failure} failure
   * @param {{message?: string, wait?: number | null, status?: number}} [more]
   */
  constructor(failure, { message = failure, wait = null, status = 0 } = {}) {
    super(message);
    this.failure = failure;
    this.wait = wait;
    this.status = status;
  }
}

/** @type {Record<number, Failure>} */
const FAILURES = { 401: "forbidden", 403: "forbidden", 404: "missing", 429: "busy" };
const PATH = "/webhooks/rest";

/** The server's HTTP interface, one method a call. */
export class Api {
  /**
   * @param {string} server
   * @param {{fetch?: typeof globalThis.fetch, timeout?: number, origin?: string}} [how]
   */
  constructor(server, { fetch = globalThis.fetch, timeout = 30000, origin = "" } = {}) {
    this.server = server.replace(/\/+$/, "");
    this.fetch = fetch.bind(globalThis);
    this.timeout = timeout;
    this.origin = origin;
  }

  /** @returns {Promise<Credentials>} */
  createConversation() {
    return this.#call("POST", `${PATH}/conversations`, { body: {} });
  }

  /** @param {Credentials} who */
  async history(who) {
    const { messages } = await this.#call("GET", this.#conversation(who), { who });
    return /** @type {Message[]} */ (Array.isArray(messages) ? messages.filter(isMessage) : []);
  }

  /** @param {Credentials} who */
  erase(who) {
    return this.#call("DELETE", this.#conversation(who), { who });
  }

  /**
   * @param {Credentials} who
   * @param {{message: string, message_id: string, metadata?: object}} what
   * @returns {Promise<Partial<Message>[]>}
   */
  async send(who, what) {
    const body = { sender: who.sender, ...what };
    const replies = await this.#call("POST", `${PATH}/webhook`, { who, body });
    if (!Array.isArray(replies)) throw new ApiError("unreachable", { message: "not a reply" });
    return replies;
  }

  /**
   * @param {Credentials} who
   * @param {{facts: string[], message_id: string | null, rating: string, reason: string | null}} what
   */
  feedback(who, what) {
    const body = { sender: who.sender, ...what };
    return this.#call("POST", `${PATH}/feedback`, { who, body, keepalive: true });
  }

  /** @returns {Promise<Partial<Options>>} */
  config() {
    return this.#call("GET", "/widget/config", { timeout: 3000 });
  }

  /** @param {Credentials} who */
  #conversation(who) {
    return `${PATH}/conversations/${encodeURIComponent(who.sender)}`;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {{who?: Credentials, body?: object, keepalive?: boolean, timeout?: number}} [more]
   */
  async #call(method, path, { who, body, keepalive, timeout = this.timeout } = {}) {
    /** @type {Record<string, string>} */
    const headers = body ? { "Content-Type": "application/json" } : {};
    if (who?.token) headers.Authorization = `Bearer ${who.token}`;
    let response;
    try {
      response = await this.fetch(this.server + path, {
        method,
        headers,
        body: body && toJson(body),
        keepalive,
        credentials: "omit",
        cache: "no-store",
        signal: AbortSignal.timeout(timeout),
      });
      if (response.ok) return response.status === 204 ? null : await response.json();
    } catch {
      throw new ApiError((await this.#originRefused()) ? "origin" : "unreachable");
    }
    throw await failed(response);
  }

  /**
   * A refused origin and a dead server look the same to a script: both are a failed fetch. The
   * difference shows when the server can be reached by a request whose answer nobody may read.
   */
  async #originRefused() {
    if (!this.origin || this.origin === new URL(this.server).origin) return false;
    const probe = (/** @type {RequestMode} */ mode) =>
      this.fetch(`${this.server}/widget/config`, {
        mode,
        credentials: "omit",
        cache: "no-store",
        signal: AbortSignal.timeout(3000),
      }).then(
        () => true,
        () => false,
      );
    return !(await probe("cors")) && (await probe("no-cors"));
  }
}

/** @param {Response} response */
async function failed(response) {
  const { status } = response;
  const error = (await response.json().catch(() => null))?.error ?? {};
  /** @type {Failure} */
  let failure = FAILURES[status] ?? (status < 500 ? "rejected" : "unreachable");
  if (error.code === "origin_not_allowed") failure = "origin";
  const wait = retryAfter(response.headers.get("Retry-After"));
  return new ApiError(failure, { message: error.message, wait, status });
}
