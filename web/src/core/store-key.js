/**
 * Under which name a tab remembers its conversation with `server`.
 *
 * @param {string} server
 */
export function storeKey(server) {
  return `career-advisor:${server.replace(/\/+$/, "")}`;
}
