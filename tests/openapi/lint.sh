#!/bin/sh
# Lints openapi.yaml with Redocly's recommended rules, of which a warning fails too.
# Needs node 20 or later and npm.
set -eu
cd "$(dirname "$0")"

npm ci --no-audit --no-fund --silent
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
npx redocly lint --config redocly.yaml ../../openapi.yaml
