/** Where the chat takes the whole screen. */
export const PHONE = "(max-width: 480px), (max-height: 440px)";

/**
 * Keeps the chat within what the on-screen keyboard leaves free, which no CSS unit tells.
 *
 * @param {CSSStyleSheet} sheet gets the rule with the sizes
 * @param {() => void} onChange
 * @returns {() => void} stops it
 */
export function followKeyboard(sheet, onChange) {
  const view = window.visualViewport;
  if (!view) return () => {};
  const follow = () => {
    sheet.replaceSync(`:host{--_height:${view.height}px;--_top:${view.offsetTop}px}`);
    onChange();
  };
  const stop = new AbortController();
  view.addEventListener("resize", follow, stop);
  view.addEventListener("scroll", follow, stop);
  follow();
  return () => stop.abort();
}

/** The element that has the focus, looked for inside of shadow roots too. */
export function focused() {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found instanceof HTMLElement && found !== document.body ? found : null;
}
