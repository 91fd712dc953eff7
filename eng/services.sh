#!/usr/bin/env bash
# Real RabbitMQ, PostgreSQL and Redis for tests.
#
#   eng/services.sh run [--only rabbitmq,postgres,redis] [--no-fsync] -- COMMAND…
#                                       start them, run COMMAND, stop them, return its status
#   eng/services.sh install [rabbitmq] [postgres] [redis]
#                                       install Debian's packages for those that are missing
#
# --no-fsync: PostgreSQL does not wait for the disk. A killed server still loses nothing, a machine without power would.
# COMMAND finds them by RELIABILITY_RABBITMQ (an amqp URI), RELIABILITY_POSTGRES (an Npgsql connection string) and
# RELIABILITY_REDIS (host:port). Where one of these is set already, that server is used as it is, and none is started.
# They are new, empty servers on free loopback ports in scratch folders (see server.sh), so several runs at once do not meet.
# They end with this script, and this script with whoever started it, killed or not.
set -euo pipefail
eng=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
declare -A variable=([rabbitmq]=RELIABILITY_RABBITMQ [postgres]=RELIABILITY_POSTGRES [redis]=RELIABILITY_REDIS)
declare -A package=([rabbitmq]=rabbitmq-server [postgres]=postgresql [redis]=redis-server)

fail() { echo "services.sh: $*" >&2; exit 1; }
usage() { sed -n '2,13p' "${BASH_SOURCE[0]}" | cut -c3- >&2; exit 2; }
check_known() { [ -n "${variable[$1]:-}" ] || fail "no server is called '$1'; rabbitmq, postgres and redis are known"; }

installed() {
    case $1 in
        rabbitmq) [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || command -v rabbitmq-server ;;
        postgres) compgen -G '/usr/lib/postgresql/*/bin/postgres' || command -v postgres ;;
        redis) command -v redis-server ;;
    esac >/dev/null
}

given() { [ -n "$(printenv "${variable[$1]}" || true)" ]; }

# --- install ---

install_missing() {
    local kind packages=() as_root=()
    for kind in "$@"; do
        check_known "$kind"
        installed "$kind" || given "$kind" || packages+=("${package[$kind]}")
    done
    [ ${#packages[@]} -gt 0 ] || return 0
    local need="${packages[*]}"
    command -v apt-get >/dev/null ||
        fail "missing here and no apt to install by: $need; install them, or name running servers by RELIABILITY_RABBITMQ, RELIABILITY_POSTGRES, RELIABILITY_REDIS"
    if [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null || fail "installing $need needs root: sudo apt-get install -y $need"
        as_root=(sudo -n)
    fi
    echo "Installing $need" >&2
    # Debian starts what it installs, unless this file says no (101). The tests start their own.
    local policy=/usr/sbin/policy-rc.d log
    log=$(mktemp)
    if [ ! -e $policy ]; then
        trap '"${as_root[@]}" rm -f /usr/sbin/policy-rc.d' EXIT
        printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee $policy >/dev/null
        "${as_root[@]}" chmod +x $policy
    fi
    apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@" >>"$log" 2>&1; }
    apt update -qq || true # an old list may do; the install says if not
    apt install -y -qq --no-install-recommends "${packages[@]}" || fail "apt-get install $need failed: $(tail -n 3 "$log")"
    rm -f "$log"
}

# --- run ---

hold='' # the write end of the servers' standard input: as long as this process has it, they live
declare -A answer=()
fsync=''

start() {
    local kind pipe folder fd
    pipe=$(mktemp -u)
    mkfifo -m 600 "$pipe"
    exec {hold}<>"$pipe"
    for kind in "$@"; do
        folder=$(mktemp -d "${TMPDIR:-/tmp}/reliability-$kind.XXXXXX")
        exec {fd}< <(POSTGRES_FSYNC=$fsync exec "$eng/server.sh" run "$kind" "$folder" <"$pipe" {hold}>&-)
        answer[$kind]=$fd
    done
    for kind in "$@"; do
        read -r _ address <&"${answer[$kind]}" || fail "$kind did not start"
        export "${variable[$kind]}=$address"
    done
    rm -f "$pipe"
}

# Lets go of the servers' standard input, then waits until each has closed its output: gone, folder and all.
stop() {
    local fd
    trap '' INT TERM HUP
    [ -z "$command" ] || kill -TERM -- "-$command" 2>/dev/null || true
    [ -z "$watch" ] || kill "$watch" 2>/dev/null || true
    [ -z "$hold" ] || exec {hold}>&-
    for fd in "${answer[@]}"; do cat <&"$fd" >/dev/null || true; done
}

run() {
    local kinds=() kind wanted=rabbitmq,postgres,redis status=0
    while [ $# -gt 0 ]; do
        case $1 in
            --only) wanted=${2:?--only needs a list}; shift 2 ;;
            --no-fsync) fsync=off; shift ;;
            --) shift; break ;;
            *) usage ;;
        esac
    done
    [ $# -gt 0 ] || usage
    for kind in ${wanted//,/ }; do
        check_known "$kind"
        given "$kind" || kinds+=("$kind")
    done
    # Installing asks for the kinds in a process of its own: its trap removes what it put in place.
    [ ${#kinds[@]} -eq 0 ] || "$eng/services.sh" install "${kinds[@]}"

    command='' watch=''
    trap stop EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    [ ${#kinds[@]} -eq 0 ] || start "${kinds[@]}"
    local descriptors=(${hold:+"$hold"} "${answer[@]}") fd
    (for fd in "${descriptors[@]}"; do exec {fd}>&-; done; tail --pid="$PPID" -f /dev/null; kill -TERM $$) >/dev/null 2>&1 &
    watch=$!
    # A session of its own, so that the whole of it can be ended; killed with this script.
    (for fd in "${descriptors[@]}"; do exec {fd}>&-; done; exec setsid setpriv --pdeathsig KILL "$@") <&0 &
    command=$!
    wait "$command" || status=$?
    command=''
    exit "$status"
}

case ${1:-} in
    run) shift; run "$@" ;;
    install) shift; [ $# -gt 0 ] || set -- rabbitmq postgres redis; install_missing "$@" ;;
    *) usage ;;
esac
