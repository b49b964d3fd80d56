// What the JavaScript is held to. Nothing about its looks: only what is a fault, or hides one.
import js from "@eslint/js";

// All that the verifier may ask of a browser. Nothing that reaches a network or keeps anything is among it.
const VERIFIER = [
  "Blob", "DecompressionStream", "TextDecoder", "TextEncoder", "atob", "btoa", "crypto", "document", "performance", "setTimeout",
];
const PAGES = ["DataTransfer", "Element", "File", "createImageBitmap", "document", "history", "navigator", "window"];
const named = (names) => Object.fromEntries(names.map((name) => [name, "readonly"]));

// What people wrote is put on a page as text, never as markup.
const MARKUP = ["innerHTML", "outerHTML", "insertAdjacentHTML", "setHTMLUnsafe", "srcdoc", "write", "writeln"].map((property) => ({
  property,
  message: "Put text on the page, not markup: textContent, append, replaceChildren.",
}));

export default [
  { ignores: [".venv/", "build/", "data/", "dist/", "**/*.min.js"] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2022, sourceType: "module" }, // read by every browser that can unpack a zip by itself
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-control-regex": "off", // refusing control characters is what those expressions are for
      "no-unused-vars": ["error", { varsIgnorePattern: "^_$" }], // a loop that only waits
      "array-callback-return": "error",
      "block-scoped-var": "error",
      "consistent-return": "error",
      "default-case-last": "error",
      "eqeqeq": "error",
      "guard-for-in": "error",
      "no-alert": "error",
      "no-console": "error",
      "no-constructor-return": "error",
      "no-duplicate-imports": "error",
      "no-eval": "error",
      "no-extend-native": "error",
      "no-implicit-coercion": "error",
      "no-implied-eval": "error",
      "no-loop-func": "error",
      "no-new-func": "error",
      "no-new-wrappers": "error",
      "no-restricted-properties": ["error", ...MARKUP],
      "no-return-assign": ["error", "except-parens"],
      "no-script-url": "error",
      "no-self-compare": "error",
      "no-sequences": "error",
      "no-template-curly-in-string": "error",
      "no-throw-literal": "error",
      "no-unmodified-loop-condition": "error",
      "no-unreachable-loop": "error",
      "no-unused-expressions": "error",
      "no-use-before-define": ["error", { functions: false, classes: false, variables: false }],
      "no-useless-assignment": "error",
      "no-useless-return": "error",
      "no-var": "error",
      "prefer-const": "error",
      "prefer-promise-reject-errors": "error",
      "radix": "error",
    },
  },
  { files: ["tests/clients/**"], languageOptions: { globals: named(["console", "process"]) }, rules: { "no-console": "off" } },
  { files: ["audit/static/**"], languageOptions: { globals: named(VERIFIER) } },
  { files: ["web/static/**"], languageOptions: { globals: named(PAGES) } },
];
