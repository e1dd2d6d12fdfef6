import { css } from "lit";

export const choices = css`
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }

  .choice,
  .small {
    min-block-size: 38px;
    padding: 7px 14px;
    border: 1px solid var(--_edge);
    border-radius: 19px;
    background: var(--_surface);
    color: var(--_accent-text);
    font-size: 14px;
    font-weight: 550;
    line-height: 1.35;
    text-align: start;
    overflow-wrap: anywhere;
  }

  .small {
    min-block-size: 32px;
    padding: 4px 12px;
    font-size: 13px;
  }

  .choice:hover,
  .small:hover {
    border-color: var(--_accent-text);
    background: var(--_raised);
  }

  .small.strong {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
  }
`;
