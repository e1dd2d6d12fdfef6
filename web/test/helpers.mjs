import { Api } from "../src/core/api.js";
import { Session } from "../src/core/session.js";
import { Store } from "../src/core/store.js";
import { TabClaim } from "../src/core/tab.js";
import { listen, mockServer } from "./mock-server.mjs";

/** A storage like a tab's. */
export function memoryStorage() {
  const items = new Map();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
  };
}

/** Runs `test` with a mock server and closes it after. */
export function withServer(how, test) {
  return async () => {
    const mock = mockServer(how);
    const url = await listen(mock.server);
    try {
      await test({ url, ...mock });
    } finally {
      mock.server.closeAllConnections();
      mock.server.close();
    }
  };
}


export function sessionAt(url, { storage = memoryStorage(), options = {}, later } = {}) {
  const store = new Store(url, () => storage);
  const tab = new TabClaim(() => {
    throw new Error("one tab only");
  });
  return new Session({ api: new Api(url), store, tab, options, later });
}


export const texts = (session) =>
  session.messages.map(({ role, text }) => `${role}: ${text.slice(0, 12)}`);

/** Faults for the first messages, one after the other. */
export function first(...faults) {
  return ({ path }) => (path.endsWith("/webhook") ? faults.shift() : null);
}
