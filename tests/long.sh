#!/usr/bin/env bash
# What takes too long for every change: the mixed load for a minute (BILLING_LOAD_SECONDS for longer), and a thousand seeds of the chaos
# property (BILLING_CHAOS_SEEDS for more or fewer).
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
BILLING_LOAD_SECONDS=${BILLING_LOAD_SECONDS:-60} dotnet test tests/Billing.Tests --filter "FullyQualifiedName~MixedLoad"
BILLING_CHAOS_SEEDS=${BILLING_CHAOS_SEEDS:-1000} dotnet test tests/Billing.Tests --no-build --filter "FullyQualifiedName~Chaos"
