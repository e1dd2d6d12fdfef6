import { choices } from "./choices.js";
import { composer } from "./composer.js";
import { markdown } from "./markdown.js";
import { messages } from "./messages.js";
import { panel } from "./panel.js";
import { theme } from "./theme.js";

export const styles = [theme, panel, messages, choices, markdown, composer];
