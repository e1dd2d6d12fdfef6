import { css } from "lit";

export const composer = css`
  form {
    flex: none;
    padding: 10px 12px 12px;
  }

  .field {
    display: flex;
    align-items: flex-end;
    gap: 6px;
    padding: 4px 4px 4px 14px;
    border: 1px solid var(--_edge);
    border-radius: 24px;
    background: var(--_surface);
  }

  .field:focus-within {
    border-color: var(--_accent-text);
    box-shadow: 0 0 0 1px var(--_accent-text);
  }

  textarea {
    flex: 1;
    min-inline-size: 0;
    max-block-size: 116px;
    padding: 7px 0;
    /* Below 16 pixels phones zoom in on a focused field. */
    font-size: 16px;
    line-height: 1.4;
    resize: none;
    field-sizing: content;
    overflow-wrap: anywhere;
    scrollbar-width: thin;
  }

  textarea:focus-visible {
    outline: none;
  }

  textarea::placeholder {
    color: var(--_muted);
    opacity: 1;
  }

  .send {
    display: grid;
    place-items: center;
    inline-size: 38px;
    block-size: 38px;
    padding: 0;
    border-radius: 50%;
    background: var(--_accent);
    color: var(--_on-accent);
    flex: none;
  }

  .send svg {
    stroke-width: 2.2;
  }

  .send:disabled {
    background: var(--_raised);
    color: var(--_muted);
  }

  .error {
    margin: 6px 14px 0;
    font-size: 13px;
    color: var(--_error);
  }

  .field:has([aria-invalid="true"]) {
    border-color: var(--_error);
    box-shadow: 0 0 0 1px var(--_error);
  }

  @media (forced-colors: active) {
    .bubble,
    .send,
    .mark {
      border: 1px solid;
    }
  }
`;
