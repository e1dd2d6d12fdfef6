import { ApiError } from "./api.js";
import { randomId } from "./random.js";

/** @import { Api } from "./api.js" */
/** @import { Session } from "./session.js" */
/** @import { Credentials } from "./types.js" */

/**
 * Has the server erase every conversation that waits for it. What it cannot do now is kept for
 * the next visit.
 *
 * @param {Session} session
 * @returns {Promise<"eraseLater" | "eraseRefused" | "">} what went wrong, if anything did
 */
export async function eraseLeftovers(session) {
  /** @type {"eraseLater" | "eraseRefused" | ""} */
  let problem = "";
  for (const credentials of [...session.state.erasing]) {
    try {
      await session.api.erase(credentials);
    } catch (error) {
      const failure = error instanceof ApiError ? error.failure : "unreachable";
      if (failure === "forbidden" || failure === "rejected") problem = "eraseRefused";
      else if (failure !== "missing") {
        problem = "eraseLater";
        continue;
      }
    }
    session.remember({ erasing: session.state.erasing.filter((other) => other !== credentials) });
  }
  return problem;
}

/**
 * Begins a conversation anew under the id that the site gave it: erases what is there, or, without
 * the token for that, says so in it, as anybody may who knows the id.
 *
 * @param {Api} api
 * @param {Credentials} who
 */
export function beginAnew(api, who) {
  if (who.token) return api.erase(who);
  return api.send(who, { message: "start over", message_id: randomId() });
}
