#!/usr/bin/env bash
# Publishes the host and measures webhooks, calls and its start, beside pgbench and a bare web server on the same machine (docs/performance.md).
# Needs Linux, the .NET SDK and PostgreSQL's server programs with pgbench. --help lists the options.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
dotnet publish src/Billing -c Release -r linux-x64 -o artifacts/billing --nologo --verbosity quiet
exec dotnet run -c Release --project tests/Benchmarks -- "$@"
