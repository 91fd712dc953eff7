#!/usr/bin/env bash
# What must hold beside the tests: formatting, no warning of trimming or ahead-of-time compilation, what is in the packages, and that
# they work for somebody who installs them.
# Runs all of them, whichever fail; the status is 0 only if none did. Needs the solution restored (./test.sh does).
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1

failed=()
gate() {
    local name=$1
    shift
    printf '== Gate: %s\n' "$name"
    "$@" || failed+=("$name")
}

gate "whitespace" dotnet format whitespace Reliability.Analyzers.sln --no-restore --verify-no-changes
gate "style" dotnet format style Reliability.Analyzers.sln --no-restore --verify-no-changes
gate "trimming and ahead-of-time compilation" eng/check-aot.sh
gate "package contents" eng/check-packages.sh
gate "consumer of the packages" eng/check-consumer.sh

[ ${#failed[@]} = 0 ] || { printf 'Gate failed: %s\n' "${failed[@]}" >&2; exit 1; }
