#!/usr/bin/env bash
# Shows what the project does: mistakes found and mended, then handlers that lose and double nothing while they are being killed.
# Needs nothing but the .NET SDK.
#
#   ./demo.sh                              queues in SQLite, no broker
#   ./demo.sh --broker amqp://user:password@host:port/vhost      queues in RabbitMQ
#   ./demo.sh --kafka host:port            (needs the packages that eng/stand-ins.sh makes where the feed lacks them)
#   ./demo.sh --postgres 'Host=…;Database=…;Username=…'          instead of SQLite
#   --broker auto, --postgres auto         servers of its own, killed and restarted as well (eng/services.sh install rabbitmq postgres)
#   --orders N (10000), --kills N (of workers: 8), --server-kills N (of each server of its own: 2), --workers N (1; more need PostgreSQL)
#   --seed N (repeats a run), --folder PATH (keeps the logs, and SQLite's database, there)
#   --only analyzers | --only shop         one half
#
# The exit status is 0 only if the fixes leave nothing that a fix can mend, and lost and doubled are both 0.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

fail() { echo "demo.sh: $*" >&2; exit 2; }

only='' shop=Shop options=()
while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) sed -n '2,14p' "$0" | cut -c3-; exit 0 ;;
        --only) only=${2:?--only needs analyzers or shop}; shift 2 ;;
        --kafka) shop=Shop.Kafka; options+=("$1" "${2:?--kafka needs host:port}"); shift 2 ;;
        --broker | --postgres | --orders | --kills | --server-kills | --workers | --seed | --folder) options+=("$1" "${2:?$1 needs a value}"); shift 2 ;;
        *) fail "unknown option $1; see ./demo.sh --help" ;;
    esac
done
case $only in '' | analyzers | shop) ;; *) fail "--only takes analyzers or shop, not $only" ;; esac
command -v dotnet >/dev/null || fail "the .NET SDK is missing: install it from https://dot.net"

if [ "$only" != shop ]; then
    eng/demo-analyzers.sh
fi

if [ "$only" != analyzers ]; then
    printf '\n\033[1m%s\033[0m\n' "Building samples/$shop: two chained handlers, orders.paid -> invoice -> invoices.issued -> parcel"
    if [ "$shop" = Shop.Kafka ]; then eng/stand-ins.sh; fi
    dotnet build "samples/$shop" -c Release -v q "-clp:ErrorsOnly;NoSummary"
    printf '\n\033[1m%s\033[0m\n' "Running it, and killing it with SIGKILL"
    dotnet "samples/$shop/bin/Release/net10.0/$(echo "$shop" | tr 'A-Z.' 'a-z-').dll" demo "${options[@]}"
fi
