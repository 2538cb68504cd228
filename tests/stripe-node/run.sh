#!/bin/sh
# Starts the sandbox on a free port and drives it with Stripe's official Node library.
# Needs node 20 or later, npm and the .NET SDK.
set -eu
cd "$(dirname "$0")"

npm ci --no-audit --no-fund --silent
dotnet build ../../src/StripeSandbox --nologo --verbosity quiet

out=$(mktemp)
dotnet run --no-build --project ../../src/StripeSandbox -- --url http://127.0.0.1:0 >"$out" &
sandbox=$!
trap 'kill $sandbox 2>/dev/null || true; rm -f "$out"' EXIT

for _ in $(seq 300); do
  STRIPE_SANDBOX_URL=$(sed -n 's/^Stripe sandbox listening on //p' "$out")
  [ -n "$STRIPE_SANDBOX_URL" ] && break
  kill -0 $sandbox || exit 1
  sleep 0.1
done
export STRIPE_SANDBOX_URL
node --test sandbox.test.mjs
