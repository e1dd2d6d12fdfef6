import { randomId } from "./random.js";
import { storeKey } from "./store-key.js";

/** @import { State } from "./types.js" */

const KEPT = 200;

/** @returns {State} */
export function emptyState() {
  return {
    key: randomId(),
    credentials: null,
    past: [],
    erasing: [],
    messages: [],
    draft: "",
    open: false,
  };
}

/** Keeps a tab's conversation in its session storage; in memory where that is blocked. */
export class Store {
  /** @type {string | null} */
  #memory = null;

  /**
   * @param {string} server
   * @param {() => Storage} [storage]
   */
  constructor(server, storage = () => sessionStorage) {
    this.key = storeKey(server);
    this.storage = storage;
  }

  /** @returns {State} */
  load() {
    try {
      const text = this.#memory ?? this.storage().getItem(this.key);
      const state = text ? JSON.parse(text) : null;
      if (state && typeof state === "object") return { ...emptyState(), ...state };
    } catch {
      // Blocked or damaged storage is the same as none.
    }
    return emptyState();
  }

  /** @param {State} state */
  save(state) {
    const text = JSON.stringify({ ...state, messages: state.messages.slice(-KEPT) });
    try {
      this.storage().setItem(this.key, text);
      this.#memory = null;
    } catch {
      this.#memory = text;
    }
  }
}
