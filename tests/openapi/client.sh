#!/bin/sh
# Generates a TypeScript client from openapi.yaml, compiles it strictly and calls the service with it.
# Needs node 20 or later, npm, the .NET SDK and what DevHost needs.
set -eu
cd "$(dirname "$0")"

npm ci --no-audit --no-fund --silent
rm -rf generated
npx openapi-typescript ../../openapi.yaml --output generated/billing.d.ts
npx tsc --project .
dotnet build ../../src/DevHost --nologo --verbosity quiet

tmp=$(mktemp -d)
dotnet run --no-build --project ../../src/DevHost -- --ephemeral --ready-file "$tmp/ready.json" >"$tmp/out" 2>&1 &
devhost=$!
trap 'kill $devhost 2>/dev/null || true; wait $devhost || true; rm -rf "$tmp"' EXIT

for _ in $(seq 600); do
  [ -s "$tmp/ready.json" ] && break
  kill -0 $devhost 2>/dev/null || { cat "$tmp/out"; exit 1; }
  sleep 0.1
done
READY_FILE=$tmp/ready.json node --test generated/js/client.test.js
