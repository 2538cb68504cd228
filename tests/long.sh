#!/usr/bin/env bash
# What takes too long for every change: the mixed load for a minute (BILLING_LOAD_SECONDS for longer), and a ledger of a million entries.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
export BILLING_LOAD_SECONDS=${BILLING_LOAD_SECONDS:-60} BILLING_LONG_LEDGER=${BILLING_LONG_LEDGER:-1000000}
dotnet test tests/Billing.Tests --filter "FullyQualifiedName~MixedLoad|FullyQualifiedName~LongLedger"
