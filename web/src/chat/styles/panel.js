import { css } from "lit";

export const panel = css`
  .panel {
    display: none;
    flex-direction: column;
    padding: 0;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: inherit;
    overflow: hidden;
  }

  dialog[open],
  section.panel {
    display: flex;
  }

  section.panel {
    inline-size: 100%;
    block-size: 100%;
    position: relative;
  }

  dialog.panel {
    position: fixed;
    inset: auto;
    margin: 0;
    right: var(--career-advisor-offset, 20px);
    bottom: calc(var(--career-advisor-offset, 20px) + env(safe-area-inset-bottom, 0px));
    inline-size: min(var(--career-advisor-width, 408px), calc(100vw - 40px));
    block-size: min(var(--career-advisor-height, 720px), calc(100dvh - 40px));
    max-inline-size: none;
    max-block-size: none;
    box-shadow:
      0 2px 6px rgb(8 24 20 / 10%),
      0 18px 56px rgb(8 24 20 / 26%);
  }

  dialog::backdrop {
    background: var(--_surface);
  }

  @media (max-width: 480px), (max-height: 440px) {
    dialog.panel {
      inset: var(--_top, 0) 0 auto 0 !important;
      inline-size: 100vw;
      block-size: var(--_height, 100dvh);
      border: 0;
      border-radius: 0;
      box-shadow: none;
      padding-block-end: env(safe-area-inset-bottom, 0);
    }
  }

  @media (prefers-reduced-motion: no-preference) {
    dialog.panel {
      transition:
        opacity 0.16s ease-out,
        translate 0.16s ease-out;
    }

    @starting-style {
      dialog.panel[open] {
        opacity: 0;
        translate: 0 10px;
      }
    }
  }

  .top {
    position: relative;
    display: flex;
    align-items: center;
    gap: 11px;
    padding: 12px 10px 12px 16px;
    border-block-end: 1px solid var(--_line);
    flex: none;
  }

  .mark {
    display: grid;
    place-items: center;
    inline-size: 38px;
    block-size: 38px;
    border-radius: 12px;
    background: var(--_accent);
    color: var(--_on-accent);
    flex: none;
  }

  .names {
    flex: 1;
    min-inline-size: 0;
  }

  h2 {
    font-size: 16px;
    line-height: 1.3;
    font-weight: 650;
    letter-spacing: -0.01em;
    overflow-wrap: anywhere;
  }

  h2:focus-visible {
    outline: none;
  }

  .round + .round {
    margin-inline-start: -9px;
  }

  .names p {
    font-size: 13px;
    line-height: 1.35;
    color: var(--_muted);
  }

  .round {
    display: grid;
    place-items: center;
    inline-size: 40px;
    block-size: 40px;
    padding: 0;
    border-radius: 50%;
    color: var(--_muted);
    flex: none;
  }

  .round:hover {
    background: var(--_raised);
    color: var(--_text);
  }

  #menu-button svg {
    stroke-width: 2.6;
  }

  #menu {
    position: absolute;
    z-index: 2;
    inset-block-start: calc(100% - 4px);
    inset-inline-end: 12px;
    display: flex;
    flex-direction: column;
    min-inline-size: 230px;
    padding: 6px;
    border: 1px solid var(--_line);
    border-radius: 14px;
    background: var(--_surface);
    box-shadow: 0 10px 32px rgb(8 24 20 / 22%);
  }

  #menu > * {
    display: flex;
    align-items: center;
    gap: 11px;
    min-block-size: 42px;
    padding: 6px 12px 6px 10px;
    border-radius: 9px;
    text-align: start;
    text-decoration: none;
    color: inherit;
  }

  #menu > :hover {
    background: var(--_raised);
  }

  #menu svg {
    color: var(--_muted);
  }

  .notice,
  .status.shown {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
    margin: 0 12px;
    padding: 10px 14px;
    border: 1px solid var(--_line);
    border-radius: 12px;
    background: var(--_raised);
    font-size: 14px;
    line-height: 1.4;
    flex: none;
  }

  .status p,
  .notice p {
    flex: 1 1 200px;
    overflow-wrap: anywhere;
  }
`;
