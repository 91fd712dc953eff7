#!/usr/bin/env bash
# Packs every package into artifacts/packages, and checks what is in them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1
packages=$PWD/artifacts/packages
rm -rf "$packages"
# Built aside, as a release is: what lies in bin and obj was compiled with this machine's paths.
for project in src/*/*.csproj; do
    dotnet pack "$project" -c Release -v q -clp:ErrorsOnly --artifacts-path "$PWD/artifacts/pack" -p:ContinuousIntegrationBuild=true -o "$packages"
done
dotnet run eng/check-packages.cs -- "$packages" "$PWD"
