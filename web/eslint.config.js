import js from "@eslint/js";
import globals from "globals";

const rules = {
  ...js.configs.recommended.rules,
  eqeqeq: "error",
  "no-var": "error",
  "prefer-const": "error",
  "no-console": ["error", { allow: ["warn", "error"] }],
  "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
  "max-lines": ["error", { max: 240 }],
};

export default [
  {
    files: ["src/**/*.js"],
    languageOptions: { globals: { ...globals.browser, __CHAT_FILE__: "readonly" } },
    rules,
  },
  {
    files: ["scripts/**", "test/**", "*.js"],
    languageOptions: { globals: globals.node },
    rules: { ...rules, "no-console": "off" },
  },
];
