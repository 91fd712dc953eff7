#!/usr/bin/env bash
# What the analyzers find in samples/Lossy, and what is left once their fixes are applied to a scratch copy. Needs only the .NET SDK.
# Exits with 1 if nothing is found, or something that a fix can mend is left.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/reliability-lossy.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
export DOTNET_NOLOGO=1

step() { printf '\n\033[1m%s\033[0m\n' "$*"; }
# A log is shown only if its command failed: the findings are warnings, and the table says them better.
quietly() { "$@" >"$scratch/log" 2>&1 || { cat "$scratch/log"; exit 1; }; }
findings() { dotnet run "$root/eng/findings.cs" -- "$@"; }

step "Building samples/Lossy: an order service, a warehouse, shipping and statistics, as they are written today"
# The compiler reports only when it runs, so the projects are compiled even if nothing changed.
quietly dotnet build "$root/samples/Lossy/Lossy.slnx" --no-incremental -v q
findings "$root/samples/Lossy"

step "Applying the fixes to a copy: dotnet format analyzers"
copy=$scratch/lossy
mkdir -p "$copy/samples"
cp "$root"/{Directory.Build.props,Directory.Packages.props,global.json,.editorconfig} "$copy"
cp "$root/samples/Directory.Build.props" "$copy/samples"
cp -r "$root/samples/Lossy" "$copy/samples"
rm -rf "$copy"/samples/Lossy/*/{bin,obj}
export LossyAnalyzers="$root/src/Analyzers.CodeFixes/bin/Debug/netstandard2.0" # read by the copy's projects, which have no ../../src
quietly dotnet restore "$copy/samples/Lossy/Lossy.slnx" -v q
quietly dotnet format analyzers "$copy/samples/Lossy/Lossy.slnx" --no-restore --severity warn
diff -ru --exclude=obj --exclude=bin "$root/samples/Lossy" "$copy/samples/Lossy" | grep -E '^(\+\+\+|[-+][^-+])' |
    sed -E "s#^\+\+\+ $copy/samples/Lossy/([^[:space:]]*).*#\n  \1#" || true

step "Building the mended copy"
quietly dotnet build "$copy/samples/Lossy/Lossy.slnx" --no-restore --no-incremental -v q
findings --left "$copy/samples/Lossy"
