import { Api } from "../core/api.js";
import { Session } from "../core/session.js";
import { Store } from "../core/store.js";
import { TabClaim } from "../core/tab.js";

/** @import { Options } from "../core/types.js" */

/** @param {Options} options */
export function createSession(options) {
  return new Session({
    api: new Api(options.server, { origin: location.origin }),
    store: new Store(options.server),
    tab: new TabClaim(),
    options,
  });
}
