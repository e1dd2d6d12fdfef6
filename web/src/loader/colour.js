/** @typedef {[number, number, number]} Rgb */

/**
 * @param {string} hex `#rrggbb`
 * @returns {Rgb | null}
 */
export function parse(hex) {
  const digits = /^#([0-9a-f]{6})$/i.exec(hex)?.[1];
  if (!digits) return null;
  const at = (/** @type {number} */ i) => parseInt(digits.slice(i, i + 2), 16);
  return [at(0), at(2), at(4)];
}

/** @param {Rgb} rgb */
function luminance(rgb) {
  const [r, g, b] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/**
 * WCAG's contrast ratio.
 *
 * @param {Rgb} a
 * @param {Rgb} b
 */
export function contrast(a, b) {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/** @type {Rgb} */
const WHITE = [255, 255, 255];
/** @type {Rgb} */
const BLACK = [0, 0, 0];

/**
 * The text colour that reads best on `background`: one of the two has a contrast of 4.58 or more.
 *
 * @param {Rgb} background
 */
export function textOn(background) {
  return contrast(background, WHITE) >= contrast(background, BLACK) ? WHITE : BLACK;
}

/**
 * `colour`, moved towards the text colour of `background` until it can be read on it.
 *
 * @param {Rgb} colour
 * @param {Rgb} background
 * @returns {Rgb}
 */
export function readableOn(colour, background) {
  const goal = textOn(background);
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = /** @type {Rgb} */ (
      colour.map((value, i) => Math.round(value + (goal[i] - value) * share))
    );
    if (contrast(mixed, background) >= 4.6) return mixed;
  }
  return goal;
}

/** @param {Rgb} rgb */
export function css(rgb) {
  return `#${rgb.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}
