import { ApiError } from "./api.js";
import { reconcile, upToDate } from "./history.js";

/** @import { Session } from "./session.js" */
/** @import { Options } from "./types.js" */

/**
 * The settings that the server has for every page. Asking for them shows whether it talks to this
 * page at all.
 *
 * @param {Session} session
 * @returns {Promise<Partial<Options>>}
 */
export async function fetchDefaults(session) {
  try {
    return await session.api.config();
  } catch (error) {
    if (error instanceof ApiError && error.failure === "origin") session.refused();
    return {};
  }
}

/**
 * Brings what the server knows of the conversation and this tab has missed. A conversation that
 * the server does not know any more stays on screen, and goes on under a new id.
 *
 * @param {Session} session
 */
export async function fetchMissed(session) {
  const { credentials, key, messages } = session.state;
  const count = messages.length;
  if (!credentials?.token || messages.some(({ pending }) => pending)) return;
  try {
    const remote = reconcile(messages, await session.api.history(credentials));
    if (session.state.key !== key || session.messages.length !== count) return;
    if (upToDate(messages, remote)) return;
    session.state.messages = remote;
  } catch (error) {
    const failure = error instanceof ApiError && error.failure;
    if (failure === "origin") session.refused();
    else if (failure !== "forbidden" && failure !== "missing") return;
    else if (!session.options.sender) session.state.credentials = null;
  }
  session.changed();
}
