import { ApiError } from "./api.js";
import { backoff } from "./backoff.js";

/** After how long a visitor who waits is told so, and after how long offered to try again. */
const SLOW = 6000;
const STUCK = 12000;

/** @import { Session } from "./session.js" */
/** @import { Message } from "./types.js" */

/**
 * Sends what the visitor wrote, in order and one at a time. What fails for want of a server stays
 * and is tried again, under the same message id, so that the server answers it once.
 */
export class Outbox {
  busy = false;
  attempts = 0;
  /** Grows when the conversation is left, so that late answers find nobody. */
  #round = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Session} session
   * @param {(action: () => void, ms: number) => ReturnType<typeof setTimeout>} later
   */
  constructor(session, later) {
    this.session = session;
    this.later = later;
  }

  cancel() {
    this.#round += 1;
    this.busy = false;
    this.attempts = 0;
    clearTimeout(this.#timer);
  }

  /** Tries again at once; what is under way is given up, and would not be answered twice. */
  retry() {
    if (this.busy) {
      this.cancel();
      this.session.status = null;
    }
    return this.pump();
  }

  /** Sends all that waits; at once, even if the next try was planned for later. */
  async pump() {
    if (this.busy) return;
    const round = this.#round;
    const { session } = this;
    clearTimeout(this.#timer);
    for (;;) {
      const message = session.messages.find(({ pending }) => pending);
      if (!message) break;
      this.busy = true;
      session.changed();
      const sent = await this.#send(message, round);
      if (round !== this.#round) return;
      this.busy = false;
      if (!sent) break;
    }
    session.changed();
  }

  /**
   * @param {Message} message
   * @param {number} round
   * @returns {Promise<boolean>} whether the next one may be sent
   */
  async #send(message, round) {
    const { session } = this;
    const tell = (/** @type {"slow" | "stuck"} */ kind) => {
      if (round !== this.#round) return;
      session.status = { kind };
      session.changed();
    };
    const timers = [setTimeout(tell, SLOW, "slow"), setTimeout(tell, STUCK, "stuck")];
    try {
      const { state, api, options } = session;
      if (!state.credentials) {
        state.credentials = await this.#issue(round);
        session.changed();
      }
      const replies = await api.send(state.credentials, {
        message: message.payload ?? message.text,
        message_id: message.id,
        metadata: options.metadata ?? {},
      });
      if (round !== this.#round) return false;
      if (!replies.length) throw new ApiError("rejected", { message: "" });
      this.attempts = 0;
      session.status = null;
      session.answered(message, replies);
      return true;
    } catch (error) {
      if (round !== this.#round) return false;
      return this.#failed(message, error);
    } finally {
      timers.forEach(clearTimeout);
    }
  }

  /** @param {number} round */
  async #issue(round) {
    const { sender, token } = await this.session.api.createConversation();
    if (round !== this.#round) throw new ApiError("unreachable");
    return { sender, token };
  }

  /**
   * @param {Message} message
   * @param {unknown} cause
   */
  #failed(message, cause) {
    const { session } = this;
    const error = cause instanceof ApiError ? cause : new ApiError("unreachable");
    if (error !== cause) console.error("Career Advisor:", cause);
    switch (error.failure) {
      case "origin":
        session.refused();
        return false;
      case "forbidden":
      case "missing":
        if (!message.renewed && !session.options.sender) {
          message.renewed = true;
          session.state.credentials = null;
          return true;
        }
        return this.#wait(error);
      case "rejected":
        session.withdraw(message);
        session.status = { kind: "rejected", detail: error.message };
        return true;
      default:
        return this.#wait(error);
    }
  }

  /** @param {ApiError} error */
  #wait({ failure, wait }) {
    this.attempts += 1;
    const pause = wait ?? backoff(this.attempts);
    this.#timer = this.later(() => void this.pump(), pause);
    const offline = globalThis.navigator?.onLine === false;
    const kind = failure === "busy" ? "busy" : offline ? "offline" : "unreachable";
    this.session.status = { kind };
    return false;
  }
}
