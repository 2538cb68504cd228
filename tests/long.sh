#!/usr/bin/env bash
# What takes too long for every change: the mixed load for a minute, crashes for two, twenty thousand mutated events, an inbox of ten
# million. Each variable can be set to another measure.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
export BILLING_LOAD_SECONDS=${BILLING_LOAD_SECONDS:-60} BILLING_CRASH_SECONDS=${BILLING_CRASH_SECONDS:-120}
export BILLING_FUZZ_EVENTS=${BILLING_FUZZ_EVENTS:-20000} BILLING_LONG_INBOX=${BILLING_LONG_INBOX:-10000000}
for tests in MixedLoad CrashTests FuzzTests LongInbox; do
    dotnet test tests/Billing.Tests --filter "FullyQualifiedName~$tests"
done
