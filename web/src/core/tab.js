const CHANNEL = "career-advisor";
const WAIT = 80;

/**
 * Duplicating a tab copies its session storage, and with it the conversation. So a page asks the
 * others of its browser who holds a conversation before it goes on with it.
 */
export class TabClaim {
  #page = Math.random();
  #held = "";
  /** @type {BroadcastChannel | null} */
  #channel = null;

  constructor(open = () => new BroadcastChannel(CHANNEL)) {
    this.open = open;
  }

  /** @param {MessageEvent<{ask?: string, page: number}>} event */
  #answer = ({ data }) => {
    if (data?.ask && data.ask === this.#held && data.page !== this.#page) {
      this.#channel?.postMessage({ taken: this.#held, page: this.#page });
    }
  };

  /** @param {string} key */
  hold(key) {
    this.#held = key;
    try {
      this.#channel ??= this.open();
      this.#channel.addEventListener("message", this.#answer);
    } catch {
      // Without the channel a duplicated tab shares the conversation, which is all that is lost.
    }
  }

  /**
   * Whether another live page holds the conversation `key`.
   *
   * @param {string} key
   * @returns {Promise<boolean>}
   */
  taken(key) {
    const channel = this.#channel;
    if (!channel) return Promise.resolve(false);
    return new Promise((resolve) => {
      const done = (/** @type {boolean} */ answer) => {
        clearTimeout(timer);
        channel.removeEventListener("message", listen);
        resolve(answer);
      };
      const listen = (/** @type {MessageEvent} */ { data }) => {
        if (data?.taken === key && data.page !== this.#page) done(true);
      };
      const timer = setTimeout(done, WAIT, false);
      channel.addEventListener("message", listen);
      channel.postMessage({ ask: key, page: this.#page });
    });
  }

  /** Lets go, so that the page can be put away whole and another may take over. */
  release() {
    this.#held = "";
    this.#channel?.close();
    this.#channel = null;
  }
}
