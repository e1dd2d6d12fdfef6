/**
 * JSON of `value`, also on pages whose old scripts give arrays a `toJSON` that makes strings of them.
 *
 * @param {unknown} value
 * @returns {string}
 */
export function toJson(value) {
  return JSON.stringify(
    value,
    /** @this {Record<string, unknown>} @param {string} key @param {unknown} made */
    function (key, made) {
      return Array.isArray(this[key]) ? this[key] : made;
    },
  );
}
