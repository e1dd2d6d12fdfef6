// This order is meant: what Lit adds to the globals can be told only from before and after it.
import { tidyGlobals } from "./globals.js";
import { ChatElement } from "./chat-element.js";

tidyGlobals();
if (!customElements.get("career-advisor-chat")) {
  customElements.define("career-advisor-chat", ChatElement);
}
