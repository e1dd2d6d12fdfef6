import { beginAnew, eraseLeftovers } from "./erase.js";
import { fetchMissed } from "./fetch.js";
import { randomId } from "./random.js";
import { Outbox } from "./outbox.js";
import { emptyState } from "./store.js";
import { fromReply } from "./transcript.js";

/** @import { Api } from "./api.js" */
/** @import { Store } from "./store.js" */
/** @import { TabClaim } from "./tab.js" */
/** @import { Message, Options, State, Status } from "./types.js" */

/**
 * One visitor's conversation in one tab. It emits `change` whenever something to show changed,
 * and `message` with the message for each one written or received.
 */
export class Session extends EventTarget {
  /** @type {State} */
  state;
  /** @type {Status | null} */
  status = null;
  /** Grows when the page is left, so that what was under way then has no effect. */
  #visit = 0;
  /** Whether `state` is what the tab remembers: nothing is saved over that before it was read. */
  #begun = false;
  /** @type {Promise<unknown>} */
  #restoring = Promise.resolve();

  /**
   * @param {{api: Api, store: Store, tab: TabClaim, options?: Partial<Options>,
   *   later?: (action: () => void, ms: number) => ReturnType<typeof setTimeout>}} parts
   */
  constructor({ api, store, tab, options = {}, later = (action, ms) => setTimeout(action, ms) }) {
    super();
    this.api = api;
    this.store = store;
    this.tab = tab;
    this.options = options;
    this.state = emptyState();
    this.outbox = new Outbox(this, later);
  }

  get messages() {
    return this.state.messages;
  }

  get busy() {
    return this.outbox.busy;
  }

  /**
   * Takes up what this tab remembers, unless another tab is going on with it.
   *
   * @returns {Promise<boolean>} whether the page is still there then
   */
  restore() {
    const restoring = this.#restore();
    this.#restoring = restoring;
    return restoring;
  }

  async #restore() {
    const visit = ++this.#visit;
    const state = this.store.load();
    let taken = false;
    if (state.messages.length || state.credentials) {
      this.tab.hold(state.key);
      taken = await this.tab.taken(state.key);
      if (visit !== this.#visit) return false;
    }
    const typed = this.#begun ? "" : this.state.draft;
    this.#begin(taken ? { open: state.open } : state);
    this.state.draft ||= typed;
    this.#useOwnSender();
    this.changed();
    return true;
  }

  /** Sends what still waits, then fetches what the server knows and this tab has missed. */
  async catchUp() {
    const erased = eraseLeftovers(this);
    await this.outbox.pump();
    await fetchMissed(this);
    await erased;
  }

  /** @param {Partial<State>} state */
  #begin(state) {
    this.state = { ...emptyState(), ...state };
    this.#begun = true;
    this.tab.hold(this.state.key);
  }

  /** A site may name its visitors itself: then that name holds, with the token if it has one. */
  #useOwnSender() {
    const { sender, token } = this.options;
    const known = this.state.credentials;
    if (!sender || (known?.sender === sender && known.token === token)) return;
    if (known?.sender !== sender) this.#begin({ open: this.state.open, draft: this.state.draft });
    this.state.credentials = { sender, token };
  }

  /** The server does not talk to this page's origin: the owner reads why, the visitor that. */
  refused() {
    console.error(
      `Career Advisor: ${this.api.server} does not accept requests from ${this.api.origin}. ` +
        `Add exactly this origin to ALLOWED_ORIGINS on the server to use the chat here.`,
    );
    this.status = { kind: "refused" };
    this.changed();
  }

  /**
   * @param {string} text
   * @param {string} [payload] what to send instead, for a button
   */
  async ask(text, payload) {
    if (!this.#begun) await this.#restoring;
    /** @type {Message} */
    const message = { id: randomId(), role: "user", text, pending: true };
    message.time = new Date().toISOString();
    if (payload && payload !== text) message.payload = payload;
    this.messages.push(message);
    if (this.status?.kind.startsWith("eras")) this.status = null;
    this.#announce(message);
    this.changed();
    return this.outbox.pump();
  }

  /**
   * Puts replies under the message that they answer.
   *
   * @param {Message} message
   * @param {Partial<Message>[]} replies
   */
  answered(message, replies) {
    const shown = replies.map(fromReply);
    delete message.pending;
    this.messages.splice(this.messages.indexOf(message) + 1, 0, ...shown);
    shown.forEach((reply) => this.#announce(reply));
  }

  /**
   * Puts an unsent message back into the input.
   *
   * @param {Message} message
   */
  withdraw(message) {
    this.state.messages = this.messages.filter((other) => other !== message);
    this.state.draft = [message.text, this.state.draft].filter(Boolean).join("\n");
  }

  /** @param {Message} message */
  takeBack(message) {
    this.outbox.cancel();
    this.withdraw(message);
    this.status = null;
    this.changed();
    void this.outbox.pump();
  }

  /**
   * @param {Message} message
   * @param {"up" | "down"} rating
   * @param {string | null} [reason]
   */
  async rate(message, rating, reason = null) {
    Object.assign(message, { rating, reason: reason ?? undefined });
    this.changed();
    const { credentials } = this.state;
    if (!credentials) return;
    const facts = message.custom?.facts ?? [];
    const what = { facts, message_id: message.replyId ?? null, rating, reason };
    await this.api.feedback(credentials, what).catch(() => {});
  }

  /** A new conversation. The one before can still be erased from here, or is under the same id. */
  startOver() {
    const { credentials, past, erasing, open } = this.state;
    this.outbox.cancel();
    this.status = null;
    const own = Boolean(this.options.sender);
    this.#begin({ erasing, open, past: credentials && !own ? [...past, credentials] : past });
    this.#useOwnSender();
    this.changed();
    if (own && credentials) void beginAnew(this.api, credentials).catch(() => {});
  }

  /** Forgets everything in this tab and has the server erase it. */
  async erase() {
    const { credentials, past, erasing, open } = this.state;
    this.outbox.cancel();
    const all = [...erasing, ...past, ...(credentials ? [credentials] : [])];
    this.#begin({ open, erasing: all });
    this.#useOwnSender();
    this.changed();
    this.status = { kind: (await eraseLeftovers(this)) || "erased" };
    this.changed();
  }

  /** The page is left; what was typed stays. */
  leave() {
    this.#visit += 1;
    this.outbox.cancel();
    this.#save();
    this.tab.release();
  }

  #save() {
    if (this.#begun) this.store.save(this.state);
  }

  /** @param {Partial<State>} change */
  remember(change) {
    Object.assign(this.state, change);
    this.#save();
  }

  changed() {
    this.#save();
    this.dispatchEvent(new Event("change"));
  }

  /** @param {Message} detail */
  #announce(detail) {
    this.dispatchEvent(new CustomEvent("message", { detail }));
  }
}
