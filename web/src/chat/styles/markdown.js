import { css } from "lit";

export const markdown = css`
  .markdown > * {
    margin: 0;
  }

  .markdown > * + * {
    margin-block-start: 0.6em;
  }

  .markdown ul,
  .markdown ol {
    padding-inline-start: 1.3em;
  }

  .markdown li + li {
    margin-block-start: 0.25em;
  }

  .markdown li::marker {
    color: var(--_muted);
  }

  .markdown li > p {
    margin: 0;
  }

  .markdown strong {
    font-weight: 650;
  }

  .markdown a {
    color: var(--_accent-text);
    text-underline-offset: 2px;
  }

  .markdown code {
    padding: 1px 5px;
    border-radius: 5px;
    background: var(--_surface);
    font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace;
    font-size: 0.88em;
  }

  .markdown pre {
    padding: 10px 12px;
    border-radius: 10px;
    background: var(--_surface);
    white-space: pre-wrap;
  }

  .markdown pre code {
    padding: 0;
  }

  .markdown blockquote {
    padding-inline-start: 12px;
    border-inline-start: 3px solid var(--_line);
    color: var(--_muted);
  }

  .markdown hr {
    border: 0;
    border-block-start: 1px solid var(--_line);
  }

  .bubble:has(table) {
    inline-size: 100%;
    padding-inline: 12px;
  }

  table {
    inline-size: 100%;
    border-collapse: separate;
    border-spacing: 0;
    table-layout: fixed;
    border: 1px solid var(--_line);
    border-radius: 10px;
    background: var(--_surface);
    font-size: 13.5px;
    line-height: 1.42;
    overflow: hidden;
  }

  th,
  td {
    padding: 8px;
    text-align: start;
    vertical-align: top;
    overflow-wrap: break-word;
    hyphens: auto;
  }

  thead th,
  thead td {
    background: color-mix(in srgb, var(--_accent-text) 11%, var(--_surface));
    font-weight: 650;
  }

  tbody tr > * {
    border-block-start: 1px solid var(--_line);
  }

  tr > * + * {
    border-inline-start: 1px solid var(--_line);
  }

  tbody th {
    font-size: 0.95em;
    font-weight: 600;
    color: var(--_muted);
  }

  .columns-3 tr > :first-child {
    inline-size: 23%;
  }

  .named.columns-3 tr > :first-child {
    inline-size: 44%;
  }

  .bubble:has(table) {
    container-type: inline-size;
  }

  @container (max-width: 480px) {
    table:not(.columns-2, .columns-3),
    table:not(.columns-2, .columns-3) :is(tbody, tr, th, td) {
      display: block;
    }

    table:not(.columns-2, .columns-3) thead {
      position: absolute;
      clip-path: inset(50%);
    }

    table:not(.columns-2, .columns-3) tr > * {
      border: 0;
      padding-block: 4px;
    }

    table:not(.columns-2, .columns-3) tbody tr + tr {
      border-block-start: 1px solid var(--_line);
    }

    table:not(.columns-2, .columns-3) tbody th {
      padding-block-start: 8px;
      color: var(--_text);
    }

    table:not(.columns-2, .columns-3) td::before {
      content: attr(data-label);
      display: block;
      font-size: 12px;
      color: var(--_muted);
    }
  }

  @media (max-width: 480px) {
    .bubble:has(table) {
      padding-inline: 8px;
    }

    table {
      font-size: 13px;
    }

    th,
    td {
      padding: 7px 6px;
    }
  }
`;
