const MARK = "careerAdvisor";

const marked = () => Boolean(history.state?.[MARK]);

/**
 * Gives the Back button something to go back from while the chat covers the page. The page and
 * its router hear nothing of it: they are where they were.
 *
 * @param {() => void} close what Back does
 * @returns {() => void} takes it away again
 */
export function closeOnBack(close) {
  const { href } = location;
  const stop = new AbortController();
  try {
    if (!marked()) history.pushState({ ...history.state, [MARK]: true }, "");
  } catch {
    return () => {};
  }
  let back = close;
  addEventListener(
    "popstate",
    (event) => {
      if (marked() || location.href !== href) return;
      event.stopImmediatePropagation();
      stop.abort();
      back();
    },
    { capture: true, signal: stop.signal },
  );
  return () => {
    if (stop.signal.aborted) return;
    back = () => {};
    if (marked()) history.back();
    else stop.abort();
  };
}
