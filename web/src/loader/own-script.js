/**
 * The script that is running, and where it came from. A module has no `currentScript`; its address
 * is in the trace of the call that runs, as each engine writes it. No other script is ever looked at.
 *
 * @returns {{script?: HTMLScriptElement, src: string}} no `src` where this file is part of another
 */
export function ownScript() {
  const current = document.currentScript;
  /** @type {HTMLScriptElement | undefined} */
  let script = current instanceof HTMLScriptElement ? current : undefined;
  let src = script?.src;
  if (!script) {
    src = /(\w+:\/\/\S+?):\d+:\d+\)?$/m.exec(String(new Error().stack))?.[1];
    script = [...document.scripts].find((other) => other.src === src);
  }
  return { script, src: src && /\/widget\.js$/.test(new URL(src).pathname) ? src : "" };
}
