import { css } from "lit";
import { choices } from "./choices.js";
import { composer } from "./composer.js";
import { markdown } from "./markdown.js";
import { messages } from "./messages.js";
import { panel } from "./panel.js";
import { theme } from "./theme.js";

const all = css`${theme}${panel}${messages}${choices}${markdown}${composer}`;

export const styles = /** @type {CSSStyleSheet} */ (all.styleSheet);
