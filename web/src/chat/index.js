// This order is meant: what Lit adds to the globals is told from before and after it.
import { tidyGlobals } from "./globals.js";
import { ChatElement } from "./chat-element.js";

if (!customElements.get("career-advisor-chat")) {
  customElements.define("career-advisor-chat", ChatElement);
}
tidyGlobals();
