const FIRST = 1000;
const LONGEST = 30000;

/**
 * Milliseconds to wait before try number `attempt` (from 1): doubling, capped, and spread by a
 * fifth so that many visitors do not come back in the same instant.
 *
 * @param {number} attempt
 * @param {() => number} [random]
 */
export function backoff(attempt, random = Math.random) {
  const pause = Math.min(FIRST * 2 ** (attempt - 1), LONGEST);
  return Math.round(pause * (0.8 + 0.4 * random()));
}

/**
 * The server's Retry-After header, in seconds or as a date, as milliseconds.
 *
 * @param {string | null} header
 * @param {number} [now]
 * @returns {number | null}
 */
export function retryAfter(header, now = Date.now()) {
  if (!header) return null;
  const seconds = Number(header);
  const pause = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isFinite(pause) && pause >= 0 ? Math.min(pause, 120000) : null;
}
