#!/usr/bin/env bash
# Makes local stand-ins for the packages that the configured NuGet feed lacks, into artifacts/stand-ins/feed.
# Directory.Build.props adds that folder to every restore once it exists; afterwards plain `dotnet build` works.
# A feed that has a package is used as it is. Safe to run again: what is there already is left alone.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
recipes="$root/eng/stand-ins"
feed="$root/artifacts/stand-ins/feed"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/reliability-stand-ins"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

say() { echo "stand-ins: $*"; }
lower() { tr '[:upper:]' '[:lower:]' <<<"$1"; }
die() { echo "stand-ins: $*" >&2; exit 1; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

command -v dotnet >/dev/null || die "the .NET SDK is missing: install it from https://dot.net, then run this again"
packages=${NUGET_PACKAGES:-$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: //')}
packages=${packages%/}

# need COMMAND DEBIAN_PACKAGE: installs the package where apt can, and says what to install where it cannot.
need() {
    command -v "$1" >/dev/null && return
    if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
        say "installing $2"
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$2"; } >"$scratch/apt.log" 2>&1 ||
            die "apt could not install $2: $(tail -n 1 "$scratch/apt.log")"
    fi
    command -v "$1" >/dev/null || die "'$1' is missing: install it (Debian: $2), then run this again"
}

# Says whether a package in the global packages folder came from a feed, and not from a stand-in folder.
restored_from_a_feed() { # id version
    local metadata
    metadata="$packages/$(lower "$1")/$2/.nupkg.metadata"
    [ -f "$metadata" ] && ! grep -q 'artifacts/stand-ins/feed' "$metadata"
}

# Asks the configured sources by a real restore; a stand-in that an earlier restore left in the global folder must not answer.
feed_has() { # id version
    restored_from_a_feed "$1" "$2" && return
    local probe="$scratch/probe-$1" nuget_config=()
    mkdir -p "$probe"
    cat >"$probe/probe.csproj" <<PROBE
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageDownload Include="$1" Version="[$2]" /></ItemGroup>
</Project>
PROBE
    for name in nuget.config NuGet.config NuGet.Config; do
        if [ -f "$root/$name" ]; then nuget_config=(--configfile "$root/$name"); fi
    done
    [ -d "$packages/$(lower "$1")/$2" ] && nuget_config+=(--packages "$probe/packages")
    dotnet restore "$probe/probe.csproj" --force "${nuget_config[@]}" >"$probe/log" 2>&1 && return
    grep -qE 'NU110[1-3]' "$probe/log" && return 1
    die "cannot ask the package feed for $1 $2: $(grep -m 1 -oE 'error .*' "$probe/log" || tail -n 1 "$probe/log")"
}

# Puts a built package into the feed, and drops an older restored copy: NuGet never looks twice at a version that it has.
offer() { # nupkg id version
    mkdir -p "$feed"
    local id installed name
    id=$(lower "$2")
    installed="$packages/$id/$3"
    name=$(basename "$1")
    cmp -s "$1" "$feed/$name" || cp "$1" "$feed/$name"
    if [ -d "$installed" ] && ! restored_from_a_feed "$2" "$3" &&
        [ "$(cat "$installed/$id.$3.nupkg.sha512" 2>/dev/null)" != "$(openssl dgst -sha512 -binary "$1" | base64 -w 0)" ]; then
        rm -rf "$installed"
    fi
}

# What the stand-in of a recipe is made from: the recipe's files and the kind of machine.
key_of() { # recipe
    (cd "$recipes/$1" && find . -type f -not -path '*/bin/*' -not -path '*/obj/*' | LC_ALL=C sort | xargs -d '\n' sha256sum; uname -sm) |
        sha256sum | cut -c 1-16
}

# stand_in RECIPE VERSION ID...: one recipe folder makes all packages of one family; the first id is the one to ask the feed for.
stand_in() {
    local recipe=$1 version=$2 ids=("${@:3}") key built id
    local stamp="$root/artifacts/stand-ins/$recipe.stamp"
    # Asked first where nothing is made yet: a machine whose feed has the packages needs none of the tools below.
    if [ -f "$stamp" ] && key=$(key_of "$recipe") && [ "$(cat "$stamp")" = "$key" ] && [ -f "$feed/${ids[0]}.$version.nupkg" ]; then
        for id in "${ids[@]}"; do offer "$feed/$id.$version.nupkg" "$id" "$version"; done
        say "${ids[0]} $version: stand-in is there already"
        return
    fi
    if feed_has "${ids[0]}" "$version"; then
        for id in "${ids[@]}"; do rm -f "$feed/$id.$version.nupkg"; done
        rm -f "$stamp"
        say "${ids[0]} $version: the package feed has it"
        return
    fi
    need openssl openssl
    key=$(key_of "$recipe")
    built="$cache/$recipe-$version-$key"
    local how="taken from the cache"
    if [ ! -d "$built" ]; then
        how=built
        # Built aside and renamed: an interrupted build leaves nothing that looks finished.
        mkdir -p "$cache" "$scratch/$recipe.out"
        source "$recipes/$recipe/make.sh"
        "make_${recipe//-/_}" "$recipes/$recipe" "$version" "$scratch/$recipe.out"
        for id in "${ids[@]}"; do
            [ -f "$scratch/$recipe.out/$id.$version.nupkg" ] || die "the recipe $recipe made no package $id"
        done
        rm -rf "$built.new.$$" && cp -r "$scratch/$recipe.out" "$built.new.$$"
        mv -T "$built.new.$$" "$built" 2>/dev/null || rm -rf "$built.new.$$"
    fi
    for id in "${ids[@]}"; do offer "$built/$id.$version.nupkg" "$id" "$version"; done
    echo "$key" >"$stamp"
    say "${ids[0]} $version: the package feed lacks it; stand-in $how"
}

stand_in librdkafka 2.15.1 librdkafka.redist
stand_in roslyn-testing 1.1.2 Microsoft.CodeAnalysis.CSharp.CodeFix.Testing Microsoft.CodeAnalysis.CSharp.SourceGenerators.Testing \
    Microsoft.CodeAnalysis.CSharp.Analyzer.Testing Microsoft.CodeAnalysis.Analyzer.Testing
