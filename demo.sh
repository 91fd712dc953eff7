#!/usr/bin/env bash
# Shows what the project does, with nothing but the .NET SDK: mistakes found and mended, then handlers that lose and double nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
command -v dotnet >/dev/null || { echo "demo.sh: the .NET SDK is missing: install it from https://dot.net" >&2; exit 1; }

eng/demo-analyzers.sh
