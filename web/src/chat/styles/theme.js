import { css } from "lit";

/** The colours, from the owner's variables where given. */
export const theme = css`
  career-advisor-chat {
    /* A page's "* { … !important }" reaches the element around this one, and would be inherited. */
    all: initial;
    color-scheme: inherit;
    font-family: inherit;
    direction: inherit;
    --_accent: var(--career-advisor-accent, light-dark(#0b5d4e, #6fd6bd));
    --_on-accent: var(--career-advisor-on-accent, light-dark(#ffffff, #08201b));
    --_accent-text: var(--career-advisor-accent-text, light-dark(#0b5d4e, #7fdcc6));
    --_surface: var(--career-advisor-surface, light-dark(#ffffff, #161c1e));
    --_raised: var(--career-advisor-raised, light-dark(#f2f5f4, #222a2d));
    --_text: var(--career-advisor-text, light-dark(#16211f, #e9efed));
    --_muted: var(--career-advisor-muted, light-dark(#55635f, #a5b3af));
    --_line: var(--career-advisor-line, light-dark(#dbe3e0, #364146));
    --_edge: light-dark(#7b8a86, #73837f);
    --_error: light-dark(#a9221c, #ff9d94);
    --_radius: var(--career-advisor-radius, 18px);

    display: contents;
    color: var(--_text);
    font-size: 15px;
    line-height: 1.5;
  }

  * {
    box-sizing: border-box;
  }

  p,
  h2 {
    margin: 0;
  }

  button,
  textarea {
    font: inherit;
    color: inherit;
    background: none;
    border: 0;
    margin: 0;
    letter-spacing: inherit;
  }

  button {
    cursor: pointer;
    -webkit-tap-highlight-color: transparent;
  }

  button:disabled {
    cursor: default;
  }

  :focus-visible {
    outline: 2px solid var(--_accent-text);
    outline-offset: 2px;
  }

  [hidden] {
    display: none !important;
  }

  .unseen {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  svg {
    display: block;
    inline-size: 20px;
    block-size: 20px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.8;
    stroke-linecap: round;
    stroke-linejoin: round;
    flex: none;
  }
`;
