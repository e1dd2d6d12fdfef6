import { toJson } from "./json.js";
import { randomId } from "./random.js";
import { readState } from "./state.js";
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
    let text = this.#memory;
    try {
      text ??= this.storage().getItem(this.key);
    } catch {
      // Blocked storage is the same as none.
    }
    return { ...emptyState(), ...readState(text) };
  }

  /** @param {State} state */
  save(state) {
    const text = toJson({ ...state, messages: state.messages.slice(-KEPT) });
    try {
      this.storage().setItem(this.key, text);
      this.#memory = null;
    } catch {
      this.#memory = text;
    }
  }
}
