import { svg } from "lit";

/**
 * @param {string} path
 * @param {boolean} [turned]
 */
const icon = (path, turned = false) => svg`<svg viewBox="0 0 24 24" aria-hidden="true"
  ><path d=${path} transform=${turned ? "rotate(180 12 12)" : "rotate(0)"}></path></svg>`;

const THUMB =
  "M7.5 10.5v9.5H4.5a1 1 0 0 1-1-1v-7.5a1 1 0 0 1 1-1zM7.5 10.5l3.8-7.3a2.4 2.4 0 0 1 2.4 2.4v3.6h5a1.9 1.9 0 0 1 1.9 2.2l-1.1 6.9a2 2 0 0 1-2 1.7H7.5";

export const icons = {
  close: icon("M6 9.5l6 6 6-6"),
  more: icon("M5.5 12h.01M12 12h.01M18.5 12h.01"),
  send: icon("M12 19.5V5M5.5 11.5L12 5l6.5 6.5"),
  up: icon(THUMB),
  down: icon(THUMB, true),
  copy: icon(
    "M9.5 8.5h9a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-10a1 1 0 0 1 1-1zM15.5 5.5v-1a1 1 0 0 0-1-1h-9a1 1 0 0 0-1 1v10a1 1 0 0 0 1 1h0",
  ),
  done: icon("M5 12.5l4.5 4.5L19 7.5"),
  restart: icon("M4.5 12a7.5 7.5 0 1 0 2.5-5.6M4.5 4v4.5H9"),
  download: icon("M12 4v11M7 10.5l5 5 5-5M5 20h14"),
  bin: icon("M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 13h9l1-13M10.5 11v5M13.5 11v5"),
  book: icon("M12 6.5c-2-1.5-4.5-2-8-2v13.5c3.5 0 6 .5 8 2 2-1.5 4.5-2 8-2V4.5c-3.5 0-6 .5-8 2zM12 6.5V20"),
  mark: icon("M12 21v-7M12 14L5.5 7M12 14l6.5-7M5.5 11.5V7H10M14 7h4.5v4.5"),
};
