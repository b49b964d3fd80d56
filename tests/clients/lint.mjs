// What Redocly's recommended rules find in docs/openapi.json; exit status 1 when they find anything. `./run check` runs it.
import { createConfig, lint } from "@redocly/openapi-core";

const config = await createConfig({
  extends: ["recommended"],
  // It takes suppliers/imports/{id} and suppliers/{id}/use for one another. Every name in braces is a UUID, which "imports" is
  // not; tests/house/test_openapi_true.py holds that.
  rules: { "no-ambiguous-paths": "off" },
});
const problems = await lint({ ref: "docs/openapi.json", config });
for (const { ruleId, message, location } of problems) {
  console.error(`docs/openapi.json: ${ruleId}: ${message} at ${location.map((one) => one.pointer).join(", ")}`);
}
process.exitCode = problems.length > 0 ? 1 : 0;
