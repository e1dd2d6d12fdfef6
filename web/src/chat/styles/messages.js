import { css } from "lit";

export const messages = css`
  .scroll {
    position: relative;
    flex: 1;
    min-block-size: 0;
    padding: 16px 16px 12px;
    overflow: hidden auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--_line) transparent;
  }

  @media (max-width: 480px) {
    .scroll {
      padding-inline: 12px;
    }
  }

  .scroll:focus-visible {
    outline-offset: -3px;
  }

  .message {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    margin-block-end: 14px;
  }

  .user {
    align-items: flex-end;
  }

  .bubble {
    max-inline-size: 100%;
    padding: 10px 14px;
    border-radius: 16px;
    border-end-start-radius: 5px;
    background: var(--_raised);
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
  }

  .user .bubble {
    max-inline-size: 86%;
    border-radius: 16px;
    border-end-end-radius: 5px;
    background: var(--_accent);
    color: var(--_on-accent);
    white-space: pre-wrap;
  }

  .source {
    margin-block-start: 9px;
    padding-block-start: 8px;
    border-block-start: 1px solid var(--_line);
    font-size: 12.5px;
    line-height: 1.45;
    color: var(--_muted);
  }

  .source a {
    color: var(--_accent-text);
    text-underline-offset: 2px;
  }

  summary {
    min-block-size: 24px;
    cursor: pointer;
  }

  .source ul {
    margin: 4px 0 0;
    padding-inline-start: 1.3em;
  }

  .source li + li {
    margin-block-start: 4px;
  }

  .waiting {
    margin-block-start: 4px;
    font-size: 13px;
    color: var(--_muted);
  }

  .link {
    min-block-size: 24px;
    padding: 0 2px;
    text-decoration: underline;
    color: var(--_accent-text);
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    margin-block-start: 2px;
    margin-inline-start: 2px;
  }

  .quiet {
    inline-size: 34px;
    block-size: 32px;
    border-radius: 9px;
  }

  .quiet + .quiet {
    margin: 0;
  }

  .quiet svg {
    inline-size: 17px;
    block-size: 17px;
  }

  .quiet[aria-pressed="true"] {
    color: var(--_accent-text);
  }

  .quiet[aria-pressed="true"] path {
    fill: color-mix(in srgb, currentColor 24%, transparent);
  }

  .thanks {
    margin-inline-start: 6px;
    font-size: 13px;
    color: var(--_muted);
  }

  .why {
    flex-basis: 100%;
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    order: -1;
    margin-block: 6px 2px;
  }

  .why.below {
    order: 0;
  }

  .why p {
    flex-basis: 100%;
    font-size: 13px;
    color: var(--_muted);
  }

  .typing {
    display: inline-flex;
    gap: 5px;
    padding: 14px 15px;
    border-radius: 16px;
    border-end-start-radius: 5px;
    background: var(--_raised);
  }

  .typing i {
    inline-size: 7px;
    block-size: 7px;
    border-radius: 50%;
    background: var(--_muted);
  }

  @media (prefers-reduced-motion: no-preference) {
    .typing i {
      animation: breathe 1.2s infinite ease-in-out;
    }

    .typing i:nth-child(2) {
      animation-delay: 0.15s;
    }

    .typing i:nth-child(3) {
      animation-delay: 0.3s;
    }

    @keyframes breathe {
      30% {
        opacity: 0.3;
        translate: 0 -3px;
      }
    }
  }
`;
