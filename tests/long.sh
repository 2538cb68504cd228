#!/usr/bin/env bash
# What takes too long for every change: the mixed load for a minute (BILLING_LOAD_SECONDS for longer).
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
BILLING_LOAD_SECONDS=${BILLING_LOAD_SECONDS:-60} dotnet test tests/Billing.Tests --filter "FullyQualifiedName~MixedLoad"
