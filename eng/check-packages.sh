#!/usr/bin/env bash
# Packs every package into artifacts/packages, and checks what is in them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1
packages=$PWD/artifacts/packages
rm -rf "$packages"
for project in src/*/*.csproj; do
    dotnet pack "$project" -c Release -v q -clp:ErrorsOnly -o "$packages"
done
dotnet run eng/check-packages.cs -- "$packages"
