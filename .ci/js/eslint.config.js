// Phones of 2018: ES2017 with import(). What came later is refused here, not found out on a phone.
import js from "@eslint/js";
import globals from "globals";

const TOO_NEW = [
  ["ObjectExpression > SpreadElement", "object spread"],
  ["ObjectPattern > RestElement", "object rest"],
  ["ChainExpression", "optional chaining"],
  ["LogicalExpression[operator='??']", "nullish coalescing"],
  ["CatchClause[param=null]", "catch without a name"],
  ["ForOfStatement[await=true]", "for await"],
  ["PropertyDefinition", "class fields"],
];

export default [
  { ignores: ["**/vendor/**"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2022, sourceType: "module", globals: globals.browser },
    rules: {
      eqeqeq: "error",
      "max-lines": ["error", 300],
      "no-unused-vars": ["error", { caughtErrors: "none", args: "after-used" }],
      "no-var": "error",
      "prefer-const": ["error", { ignoreReadBeforeAssign: true }],
      "no-restricted-syntax": ["error", ...TOO_NEW.map(([selector, name]) => (
        { selector, message: `phones of 2018 do not know ${name}` }
      ))],
    },
  },
  {
    files: ["**/worker/*.js"],
    languageOptions: { sourceType: "script", globals: { ...globals.serviceworker, SHELL: "readonly", ROUTES: "readonly" } },
  },
];
