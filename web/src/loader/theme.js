import { css, parse, readableOn, textOn } from "./colour.js";
import { warn } from "./options.js";

/** @import { Options } from "../core/types.js" */
/** @import { Rgb } from "./colour.js" */

/** The lightest and darkest grounds that accent-coloured text stands on. @type {Rgb[]} */
const [LIGHT, DARK] = [
  [240, 243, 242],
  [38, 46, 49],
];

/**
 * Any CSS colour as `#rrggbb`, by the browser's own parser.
 *
 * @param {string | undefined} colour
 */
function normal(colour) {
  if (!colour) return null;
  const pen = document.createElement("canvas").getContext("2d");
  const known = pen && CSS.supports("color", colour);
  if (known) pen.fillStyle = colour;
  return (known && parse(String(pen.fillStyle))) || warn(`give a colour like #rrggbb, not ${colour}`);
}

/**
 * The rule that carries the owner's colours, with the text colours that go with them.
 *
 * @param {Options} options
 */
export function themeRule({ accent, accentDark, theme }) {
  const light = normal(accent);
  const dark = normal(accentDark) ?? light;
  const rules = [`color-scheme:${!theme || theme === "auto" ? "light dark" : theme}`];
  if (light && dark) {
    const pair = (/** @type {(colour: Rgb, ground: Rgb) => Rgb} */ make) =>
      `light-dark(${css(make(light, LIGHT))},${css(make(dark, DARK))})`;
    rules.push(
      `--career-advisor-accent:${pair((colour) => colour)}`,
      `--career-advisor-on-accent:${pair(textOn)}`,
      `--career-advisor-accent-text:${pair(readableOn)}`,
    );
  }
  return `:host{${rules.join(";")}}`;
}
