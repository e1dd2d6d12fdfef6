/** The few words needed before the chat itself is loaded. @type {Record<string, string[]>} */
const LABELS = {
  en: ["Ask the advisor", "The chat could not be loaded. Please try again."],
  de: ["Frag die Beratung", "Der Chat konnte nicht geladen werden. Bitte versuch es noch einmal."],
  es: ["Pregunta al asesor", "No se pudo cargar el chat. Inténtalo de nuevo."],
  fr: ["Demandez conseil", "La discussion n’a pas pu être chargée. Réessayez."],
};

/**
 * The language of the fixed labels: the owner's choice, else the page's, else English.
 *
 * @param {string | undefined} lang
 */
export function language(lang) {
  const wanted = lang || document.documentElement.lang || "en";
  const base = wanted.toLowerCase().split("-")[0];
  return base in LABELS ? base : "en";
}

/**
 * @param {string | undefined} lang
 * @param {Record<string, string>} [own]
 */
export function launcherLabels(lang, own = {}) {
  const [launcher, loadFailed] = LABELS[language(lang)];
  return { launcher, loadFailed, ...own };
}
