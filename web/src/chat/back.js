const MARK = "careerAdvisor";

const marked = () => Boolean(history.state?.[MARK]);

/**
 * Gives the Back button something to go back from while the chat covers the page. The page and
 * its router hear nothing of it, as far as they listen after the widget: they are where they were.
 */
export class BackButton {
  /** What Back does now, where it does something. @type {(() => void) | null} */
  #close = null;
  /** Whether the entry is being taken out of the history, which takes a moment. */
  #leaving = false;
  #href = "";

  /** @param {() => void} close */
  take(close) {
    this.#close = close;
    if (!this.#leaving) this.#push();
  }

  #push() {
    this.#href = location.href;
    try {
      if (!marked()) history.pushState({ ...history.state, [MARK]: true }, "");
    } catch {
      // A page in a sandbox has no history to write to: Back leaves it, as it would anyhow.
    }
  }

  /** Takes the entry out of the history again, if it is the one that shows. */
  release() {
    if (this.#close && marked()) {
      this.#leaving = true;
      history.back();
    }
    this.#close = null;
  }

  /** @param {Event} event that the tab went to another entry of its history */
  popped(event) {
    const [close, leaving] = [this.#close, this.#leaving];
    if (!(close || leaving) || marked() || location.href !== this.#href) return;
    event.stopImmediatePropagation();
    this.#leaving = false;
    if (leaving && close) this.#push();
    else {
      this.#close = null;
      close?.();
    }
  }
}
