/** @import { State } from "./types.js" */

/** @typedef {(value: any) => boolean} Check */

const is = (/** @type {string} */ type) => /** @type {Check} */ ((value) => typeof value === type);
const text = is("string");
const maybe = (/** @type {Check} */ check) => /** @type {Check} */ ((value) => (value ?? null) === null || check(value));
const list = (/** @type {Check} */ check) =>
  /** @type {Check} */ ((value) => Array.isArray(value) && value.every(check));
const shape = (/** @type {Record<string, Check>} */ fields) =>
  /** @type {Check} */ (
    (value) =>
      value instanceof Object && Object.entries(fields).every(([name, check]) => check(value[name]))
  );
const [optional, flag, texts] = [maybe(text), maybe(is("boolean")), maybe(list(text))];
const credentials = shape({ sender: text, token: optional });

/** Whether something is a message as this version shows and stores it. */
export const isMessage = shape({
  id: text,
  role: (value) => ["user", "bot"].includes(value),
  text,
  payload: optional,
  pending: flag,
  renewed: flag,
  replyId: optional,
  time: optional,
  rating: optional,
  reason: optional,
  buttons: maybe(list(shape({ title: text, payload: text }))),
  custom: maybe(
    shape({
      kind: optional,
      topics: texts,
      roles: texts,
      facts: texts,
      sources: maybe(
        list(
          shape({
            title: text,
            publisher: optional,
            date: optional,
            section: optional,
            url: optional,
            edition: optional,
            credit: optional,
            outdated_from: optional,
          }),
        ),
      ),
    }),
  ),
});

/** @type {Record<string, Check>} */
const STATE = {
  key: maybe((value) => /^\w{16,64}$/.test(value)),
  credentials: maybe(credentials),
  past: maybe(list(credentials)),
  erasing: maybe(list(credentials)),
  messages: maybe(list(isMessage)),
  draft: optional,
  open: flag,
};
const isState = shape(STATE);

/**
 * What a tab stored, if it is what this version understands. Anything else is the same as nothing.
 *
 * @param {string | null} stored
 * @returns {Partial<State>}
 */
export function readState(stored) {
  try {
    const state = JSON.parse(stored ?? "{}");
    if (isState(state)) {
      const known = Object.keys(STATE).filter((name) => (state[name] ?? null) !== null);
      return Object.fromEntries(known.map((name) => [name, state[name]]));
    }
  } catch {
    // Not even JSON.
  }
  return {};
}
