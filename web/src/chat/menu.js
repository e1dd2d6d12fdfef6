import { toMarkdown } from "../core/transcript.js";
import { heading, transcript } from "./content.js";

/** @import { ChatElement } from "./chat-element.js" */

/** What the visitor can do with the whole conversation. */
export class Menu {
  open = false;
  confirming = false;

  /** @param {ChatElement} chat */
  constructor(chat) {
    this.chat = chat;
  }

  toggle(open = !this.open) {
    this.open = open;
    this.chat.requestUpdate();
  }

  /** @returns {boolean} whether there was something to close */
  dismiss() {
    if (!this.open && !this.confirming) return false;
    this.open = this.confirming = false;
    this.chat.requestUpdate();
    void this.chat.focusOn("#menu-button");
    return true;
  }

  startOver() {
    this.open = false;
    this.chat.session.startOver();
    void this.chat.focusOn("#menu-button");
  }

  askToErase() {
    this.open = false;
    this.confirming = true;
    this.chat.requestUpdate();
    void this.chat.focusOn("#erase-yes");
  }

  async erase() {
    this.dismiss();
    await this.chat.session.erase();
  }

  download() {
    const { chat } = this;
    const { labels } = chat;
    const today = new Date();
    const date = today.toLocaleDateString(chat.lang, { dateStyle: "long" });
    const words = { title: heading(chat), you: labels.you, advisor: labels.advisor, date };
    const text = toMarkdown(transcript(chat), words);
    const url = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
    const link = document.createElement("a");
    link.href = url;
    // By the visitor's day, as in the text; Swedish writes it year first.
    link.download = `career-advisor-${today.toLocaleDateString("sv")}.md`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
    this.dismiss();
  }
}
