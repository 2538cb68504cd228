#!/usr/bin/env bash
# Buys, changes and cancels in the demo shop by clicking, with Chromium, and leaves a picture of every page in artifacts/browser.
# Needs Linux, the .NET SDK and PostgreSQL's server programs; Chromium is installed on Debian and Ubuntu if it is missing. CHROMIUM names
# another one. Arguments go to the test program: -method '*Declined*' runs some of the tests.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

if [ -z "${CHROMIUM:-}" ]; then
    for name in chromium chromium-browser google-chrome; do
        if command -v "$name" >/dev/null; then
            CHROMIUM=$(command -v "$name")
            break
        fi
    done
fi
if [ -z "${CHROMIUM:-}" ]; then
    command -v apt-get >/dev/null || { echo 'tests/browser.sh: install Chromium, or set CHROMIUM to its program.' >&2; exit 1; }
    sudo=()
    [ "$(id -u)" -eq 0 ] || sudo=(sudo -n)
    "${sudo[@]}" apt-get update -q
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends chromium
    CHROMIUM=$(command -v chromium)
fi
export CHROMIUM

rm -rf artifacts/browser
dotnet build tests/Browser.Tests --nologo --verbosity quiet
exec dotnet run --no-build --project tests/Browser.Tests -- "$@"
