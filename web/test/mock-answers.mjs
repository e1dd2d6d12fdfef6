const SOURCE = {
  title: "A guide to two roles",
  publisher: "Sample Press",
  date: "2025-01-15",
  section: "Skills",
};
const CLOSING = "\n\nSource: A guide to two roles, Skills";

const buttons = (...titles) => titles.map((title) => ({ title, payload: title }));
const custom = (kind, more = {}) => ({ kind, topics: ["skills"], roles: [], facts: [], ...more });
const sourced = (facts, kind = "answer") => custom(kind, { facts, sources: [SOURCE] });

const ANSWERS = [
  {
    when: /compare|side by side/i,
    text:
      "Both work on intelligent systems, from two ends.\n\n" +
      "| | AI engineer | ML engineer |\n|---|---|---|\n" +
      "| Builds | complete systems, hardware included | pipelines that bring models into use |\n" +
      "| Knows | robotics, language or vision as a specialty | data processing, experimentation and visualization |\n" +
      "| Watches | performance on specialised hardware | accuracy, latency, fairness and explainability |" +
      CLOSING,
    custom: sourced(["ai_engineer.skills.one", "ml_engineer.skills.one"]),
    buttons: buttons("Which tools do they use?", "Which one suits me?"),
  },
  {
    when: /suits? me/i,
    text: "Let us find out with three short questions. **Which would you rather do on a Monday?**",
    custom: custom("quiz"),
    buttons: [
      { title: "Build a whole system", payload: '/quiz{"choice":"system"}' },
      { title: "Prepare data", payload: '/quiz{"choice":"data"}' },
    ],
  },
  {
    when: /^\/quiz/,
    text: "Then **AI engineering** is the closer match so far.",
    custom: sourced(["ai_engineer.choosing.one"], "recommendation"),
  },
  {
    when: /skills?|know|what do|what does/i,
    text:
      "ML engineers combine data work with software practice:\n\n" +
      "- **Data preparation**: cleaning, feature engineering, anomaly detection\n" +
      "- **Training at scale** with distributed computing\n" +
      "- **Communication**: showing findings to people who are not engineers" +
      CLOSING,
    custom: sourced(["ml_engineer.skills.one", "ml_engineer.skills.two"]),
    buttons: buttons("Which tools do they use?", "Compare the skills of both", "Which one suits me?"),
  },
  {
    when: /salary|earn/i,
    text: "My source says nothing about pay. I can tell you about career paths instead.",
    custom: custom("declined"),
    buttons: buttons("What career paths are there?"),
  },
];

const GREETING = {
  text: "I compare the careers of AI engineers and ML engineers. Ask me about either.",
  custom: custom("smalltalk"),
  buttons: buttons("What skills does an ML engineer need?", "Which one suits me?"),
};

/** @param {string} message */
export function answersTo(message) {
  const { when: _, ...answer } = ANSWERS.find(({ when }) => when.test(message)) ?? {
    when: null,
    ...GREETING,
  };
  return [answer];
}
