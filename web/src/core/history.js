import { toJson } from "./json.js";

/** @import { Message } from "./types.js" */

/**
 * The conversation as the server keeps it, joined with the ratings that only this tab knows.
 *
 * @param {Message[]} local
 * @param {Message[]} remote
 * @returns {Message[]}
 */
export function reconcile(local, remote) {
  const rated = new Map(local.filter((m) => m.rating).map((m) => [m.replyId ?? m.text, m]));
  /** @type {Message["buttons"]} */
  let offered = [];
  return remote.map((message) => {
    if (message.role === "user") {
      const pressed = offered?.find(({ payload }) => payload === message.text);
      return { ...message, text: pressed?.title ?? message.text };
    }
    offered = message.buttons;
    const { rating, reason } = rated.get(message.id) ?? rated.get(message.text) ?? {};
    return { ...message, replyId: message.id, rating, reason };
  });
}

/**
 * Whether the server knows nothing that is not on screen already.
 *
 * @param {Message[]} local
 * @param {Message[]} remote
 */
export function upToDate(local, remote) {
  const texts = (/** @type {Message[]} */ list) =>
    toJson(list.filter((m) => m.role === "bot").map((m) => m.text));
  return texts(local) === texts(remote);
}
