/**
 * @typedef {{title: string, payload: string}} Button
 * @typedef {{title: string, publisher?: string, date?: string, section?: string, url?: string, edition?: string, credit?: string, outdated_from?: string}} Source
 * @typedef {{kind?: string, topics?: string[], roles?: string[], facts?: string[], sources?: Source[]}} Custom
 *
 * @typedef {object} Message One line of the conversation, as it is shown and stored.
 * @property {string} id
 * @property {"user" | "bot"} role
 * @property {string} text what is shown: Markdown from the bot, plain text from the visitor
 * @property {string} [payload] what is sent, where a button sends something else than its title
 * @property {boolean} [pending] written by the visitor and not answered yet
 * @property {boolean} [renewed] already tried with a fresh conversation id
 * @property {string | null} [replyId] the server's id of a reply
 * @property {string} [time]
 * @property {Button[]} [buttons]
 * @property {Custom} [custom]
 * @property {"up" | "down"} [rating]
 * @property {string} [reason]
 *
 * @typedef {{sender: string, token?: string}} Credentials
 *
 * @typedef {object} State What a tab remembers.
 * @property {string} key names this conversation among the browser's tabs
 * @property {Credentials | null} credentials
 * @property {Credentials[]} past earlier conversations of this tab, so that erasing reaches them too
 * @property {Credentials[]} erasing conversations the server still has to erase
 * @property {Message[]} messages
 * @property {string} draft
 * @property {boolean} open
 *
 * @typedef {"offline" | "unreachable" | "slow" | "stuck" | "busy" | "rejected" | "refused" | "erased" | "eraseLater" | "eraseRefused"} StatusKind
 * @typedef {{kind: StatusKind, detail?: string}} Status
 *
 * @typedef {object} Options What a site owner can set.
 * @property {string} server
 * @property {"left" | "right"} [position]
 * @property {"auto" | "light" | "dark"} [theme]
 * @property {string} [accent]
 * @property {string} [accentDark]
 * @property {string} [title]
 * @property {string} [greeting]
 * @property {string[]} [suggestions]
 * @property {string} [lang]
 * @property {Record<string, string>} [labels]
 * @property {boolean} [open]
 * @property {boolean} [launcher]
 * @property {string} [sender]
 * @property {string} [token]
 * @property {Record<string, unknown>} [metadata]
 */

export {};
