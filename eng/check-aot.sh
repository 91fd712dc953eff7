#!/usr/bin/env bash
# samples/Aot: no warning of what trimming or ahead-of-time compilation would break, and the program does its work untrimmed and trimmed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1
published=$PWD/artifacts/aot
expected="10 invoices, 10 parcels"

fail() { echo "check-aot: $*" >&2; exit 1; }

# How it was built, and the program with its arguments.
does_its_work() {
    local how=$1 output
    shift
    output=$(timeout 120 "$@" 2>&1) || { echo "$output" >&2; fail "the $how program fails"; }
    [ "$output" = "$expected" ] || { echo "$output" >&2; fail "the $how program does not say '$expected'"; }
    echo "  $how: $output"
}

dotnet build samples/Aot -c Release -v q -clp:"ErrorsOnly;NoSummary"
does_its_work untrimmed dotnet samples/Aot/bin/Release/net10.0/aot.dll

rm -rf "$published"
dotnet publish samples/Aot -c Release -r "linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')" -p:Compile=trimmed -o "$published" -v q -clp:"ErrorsOnly;NoSummary"
does_its_work trimmed "$published/aot"
