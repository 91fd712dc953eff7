#!/usr/bin/env bash
# Everything a fresh machine needs, then every test.
#
#   ./test.sh                          all test projects
#   ./test.sh Runtime.Sqlite Services  those of tests/Runtime.Sqlite and tests/Services.Tests only
#   ./test.sh --filter NAME            tests whose full name contains NAME (or any filter of `dotnet test`)
#
# Tests run against a real RabbitMQ, PostgreSQL and Redis, started here on free ports or named by RELIABILITY_RABBITMQ,
# RELIABILITY_POSTGRES and RELIABILITY_REDIS. Tests of a real Kafka run where KAFKA_HOME names an unpacked Apache Kafka, and are
# skipped otherwise. The last line is "N passed, N failed, N skipped"; the status is 0 only if nothing failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

fail() { echo "test.sh: $*" >&2; exit 1; }
step() { printf '== %s\n' "$*"; }

filter=''
names=()
while [ $# -gt 0 ]; do
    case $1 in
        --filter) filter=${2:?--filter needs an expression}; shift 2 ;;
        -*) sed -n '2,10p' "$0" | cut -c3- >&2; exit 2 ;;
        *) names+=("$1"); shift ;;
    esac
done
command -v dotnet >/dev/null || fail "the .NET SDK is missing: install it from https://dot.net"

# A test project is one whose name says so.
mapfile -t projects < <(find tests -name '*.Tests.csproj' | LC_ALL=C sort)
if [ ${#names[@]} -gt 0 ]; then
    chosen=()
    for name in "${names[@]}"; do
        matching=()
        for project in "${projects[@]}"; do
            folder=$(basename "$(dirname "$project")")
            case $name in "$folder" | "${folder%.Tests}" | "$(basename "$project" .csproj)") matching+=("$project") ;; esac
        done
        [ ${#matching[@]} -gt 0 ] || fail "no test project is called '$name'; there are: $(for p in "${projects[@]}"; do basename "$(dirname "$p")"; done | paste -sd' ')"
        chosen+=("${matching[@]}")
    done
    projects=("${chosen[@]}")
fi

step "Packages that the feed lacks"
eng/stand-ins.sh
step "Servers"
eng/services.sh install

step "Build"
# An old SQLite bundle, all that some feeds have, names a Linux that .NET no longer knows; nothing of it is used.
tolerated=NETSDK1206
if [ ${#names[@]} -gt 0 ]; then
    for project in "${projects[@]}"; do dotnet build "$project" -v q -warnaserror "-warnnotaserror:$tolerated" -clp:ErrorsOnly; done
else
    for project in "${projects[@]}"; do
        grep -qF "${project//\//\\}" Reliability.Analyzers.sln || fail "$project is not in Reliability.Analyzers.sln: dotnet sln add $project"
    done
    # samples/Lossy is there to be warned about; everywhere else the compiler makes errors of these already.
    tolerated+=,$(grep -oE 'REL[0-9]{4}' src/Analyzers/Rules.cs | paste -sd,)
    dotnet build Reliability.Analyzers.sln -v q -warnaserror "-warnnotaserror:$tolerated" -clp:ErrorsOnly
fi

step "Test"
[ -n "${KAFKA_HOME:-}" ] || echo "KAFKA_HOME names no Kafka: its tests are skipped."
eng/services.sh run --no-fsync -- eng/run-tests.sh "$filter" "${projects[@]}"
