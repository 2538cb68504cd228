#!/usr/bin/env bash
# Publishes the host and measures how many webhooks it takes in, against pgbench on the same PostgreSQL (docs/performance.md).
# Needs Linux, the .NET SDK and PostgreSQL's server programs with pgbench. --help lists the options.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
dotnet publish src/Billing -c Release -o artifacts/billing --nologo --verbosity quiet
exec dotnet run -c Release --project tests/Benchmarks -- "$@"
