#!/usr/bin/env bash
# One real server for tests, as an ordinary process on free loopback ports, for as long as its owner lives.
#
#   eng/server.sh run rabbitmq|postgres|redis FOLDER   start it over FOLDER (missing or empty: a new server; else again over
#                                                      its own data and ports), print "ready ADDRESS", stay in the foreground
#   eng/server.sh run rabbitmq FOLDER FIRST            the same, as a further node of the cluster whose first node is FIRST's
#   eng/server.sh signal FOLDER KILL|TERM|STOP|CONT    send the server (not this script) a signal
#   eng/server.sh rabbitmqctl FOLDER ARGUMENTS…        rabbitmqctl against that node
#
# The owner holds this script's standard input open. When it closes, by intent or because the owner was killed, the server is
# ended and FOLDER deleted: no kill of any kind leaves a server behind. When the server itself ends first, as in a test that
# kills it, FOLDER stays, the script exits with 1, and "run" brings the same server back.
set -euo pipefail

say() { echo "server.sh: $*" >&2; }
fail() { say "$@"; exit 1; }

# --- where the programs are, and as whom they run ---

find_programs() {
    case $kind in
        rabbitmq) bin=/usr/lib/rabbitmq/bin; program=rabbitmq-server; user=rabbitmq ;;
        postgres) bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1); program=postgres; user=postgres ;;
        redis) bin=/usr/bin; program=redis-server; user=redis ;;
        *) fail "no server is called '$kind'; rabbitmq, postgres and redis are known" ;;
    esac
    [ -x "$bin/$program" ] || bin=$(dirname "$(command -v "$program" || echo /)")
    [ -x "$bin/$program" ] || fail "$program is not installed here; run eng/services.sh install"

    # The kernel kills the server should this script be killed: then nobody else is left to do it.
    run_as=(setpriv --pdeathsig KILL)
    if [ "$(id -u)" = 0 ] && id "$user" >/dev/null 2>&1; then
        run_as+=(--reuid "$user" --regid "$(id -g "$user")" --init-groups)
    fi
}

own() { if [ "$(id -u)" = 0 ] && id "$user" >/dev/null 2>&1; then chown "$user:" "$@"; fi; }

# --- ports ---

# Below the range from which the kernel takes the ports of outgoing connections (32768 and up).
free_port() {
    local port
    while port=$((10240 + SRANDOM % 22000)); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
}

choose_ports() {
    {
        echo "kind=$kind"
        echo "port=$(free_port)"
        if [ "$kind" = rabbitmq ]; then
            echo "dist_port=$(free_port)"
            # The nodes of a cluster find each other by the first one's epmd.
            if [ -n "$first" ]; then grep '^epmd_port=' "$first/server.env"; else echo "epmd_port=$(free_port)"; fi
            echo "node=rabbit-$SRANDOM@localhost"
            echo "first=$first"
        fi
    } >"$folder/server.env"
}

# --- the three servers: how each starts, and when it is ready ---

# Its own names, ports, epmd, cookie and (empty) configuration: nothing of a node that the machine may run already.
rabbitmq_environment() {
    export HOME="$folder" ERL_EPMD_PORT="$epmd_port" ERL_EPMD_ADDRESS=127.0.0.1 \
        RABBITMQ_NODENAME="$node" RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT="$port" RABBITMQ_DIST_PORT="$dist_port" \
        RABBITMQ_MNESIA_BASE="$folder/data" RABBITMQ_LOG_BASE="$folder" RABBITMQ_LOGS="$folder/rabbitmq.log" \
        RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_CONFIG_FILE="$folder/rabbitmq.conf" \
        RABBITMQ_ENABLED_PLUGINS_FILE="$folder/enabled_plugins" RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="+sbwt none"
}

start_rabbitmq() {
    rabbitmq_environment
    if [ ! -e "$folder/.erlang.cookie" ]; then
        if [ -n "$first" ]; then cat "$first/.erlang.cookie"; else echo "$SRANDOM$SRANDOM$SRANDOM"; fi >"$folder/.erlang.cookie"
        chmod 400 "$folder/.erlang.cookie"
        echo "[]." >"$folder/enabled_plugins"
        echo "disk_free_limit.absolute = 50MB" >"$folder/rabbitmq.conf"
        own "$folder/.erlang.cookie" "$folder/enabled_plugins" "$folder/rabbitmq.conf"
    fi
    if [ -z "$first" ]; then
        launch "$(command -v epmd)" -port "$epmd_port" -address 127.0.0.1
        companion=$launched
    fi
    # As under systemd the start script becomes the Erlang VM, so the signals that tests send reach the VM itself.
    RUNNING_UNDER_SYSTEMD=true launch "$bin/rabbitmq-server"
    server=$launched
}

# A node opens its AMQP port last of all; the first byte of its answer to the protocol header is that of a method frame.
rabbitmq_is_ready() {
    local first
    first=$( { exec 3<>"/dev/tcp/127.0.0.1/$port" && printf 'AMQP\0\0\x09\x01' >&3 && head -c 1 <&3 | od -An -tu1; } 2>/dev/null) || return 1
    [ "${first// /}" = 1 ]
}

join_cluster() {
    local step
    for step in stop_app "join_cluster $(. "$first/server.env" && echo "$node")" start_app; do
        "${run_as[@]}" "$bin/rabbitmqctl" $step >>"$log" 2>&1 || fail "rabbitmqctl $step failed: $(tail -n 5 "$log")"
    done
}

rabbitmq_address() { echo "amqp://guest:guest@127.0.0.1:$port/"; }

start_postgres() {
    if [ ! -e "$folder/data/PG_VERSION" ]; then
        "${run_as[@]}" "$bin/initdb" -D "$folder/data" -U reliability -A trust -E UTF8 --locale C >>"$log" 2>&1 </dev/null \
            || fail "initdb failed: $(tail -n 3 "$log")"
    fi
    launch "$bin/postgres" -D "$folder/data" -p "$port" -k "$folder" -c listen_addresses=127.0.0.1 \
        ${POSTGRES_FSYNC:+-c "fsync=$POSTGRES_FSYNC"} # eng/services.sh says when
    server=$launched
}

postgres_is_ready() {
    "$bin/psql" -q -h 127.0.0.1 -p "$port" -U reliability -d reliability -c 'select' >/dev/null 2>&1 ||
        "$bin/createdb" -h 127.0.0.1 -p "$port" -U reliability reliability 2>/dev/null
}

postgres_address() { echo "Host=127.0.0.1;Port=$port;Username=reliability;Database=reliability"; }

start_redis() {
    launch "$bin/redis-server" --bind 127.0.0.1 --port "$port" --dir "$folder" --appendonly yes --appendfsync always --save ''
    server=$launched
}

redis_is_ready() {
    local answer
    answer=$( { exec 3<>"/dev/tcp/127.0.0.1/$port" && printf 'PING\r\n' >&3 && head -c 5 <&3; } 2>/dev/null) || return 1
    [ "$answer" = +PONG ]
}

redis_address() { echo "127.0.0.1:$port"; }

# --- starting, waiting, ending ---

# In a session of its own, so that a signal to the group reaches the server and its children, and Ctrl+C does not.
launch() {
    setsid "${run_as[@]}" "$@" >>"$log" 2>&1 </dev/null &
    launched=$!
}

runs() { [ -n "$1" ] && kill -0 "$1" 2>/dev/null; }

# PostgreSQL by its fast shutdown, which frees its shared memory; for the others nothing outlives the folder.
end_server() {
    local gentle=KILL tries
    [ "$kind" = postgres ] && gentle=INT
    if runs "$server"; then kill -"$gentle" -- "-$server" 2>/dev/null || true; fi
    for ((tries = 0; tries < 50; tries++)); do runs "$server" || break; sleep 0.1; done
    for process in "$server" "$companion"; do
        if [ -n "$process" ]; then
            kill -KILL -- "-$process" 2>/dev/null || true
            wait "$process" 2>/dev/null || true
        fi
    done
    server= companion=
}

delete_folder() { rm -rf -- "$folder" 2>/dev/null || { sleep 0.3; rm -rf -- "$folder"; }; }

leave() {
    trap '' INT TERM HUP
    { end_server; } 2>/dev/null # bash would tell of every process that a signal ended
    kill "$owner" 2>/dev/null || true
    [ "$1" = keep ] || delete_folder
}

await_ready() {
    local deadline=$((SECONDS + 120))
    until "${kind}_is_ready"; do
        runs "$owner" || { leave delete; exit 0; }
        runs "$server" || return 1
        [ $SECONDS -lt $deadline ] || { say "$kind did not answer on port $port within 120 s"; return 1; }
        sleep 0.1
    done
    runs "$server" # else the one who answered is somebody else, on the port that this server wanted
}

run() {
    local fresh= try
    mkdir -p "$folder"
    if [ ! -e "$folder/server.env" ]; then
        [ -z "$(ls -A "$folder")" ] || fail "$folder is not empty and no server of this script's; name an empty folder"
        fresh=yes
    fi
    find_programs
    own "$folder"
    log=$folder/output.log

    cat >/dev/null <&0 &
    owner=$!
    trap 'leave delete; exit 130' INT
    trap 'leave delete; exit 143' TERM HUP

    for try in 1 2 3; do
        [ -z "$fresh" ] || { rm -rf "${folder:?}/data"; choose_ports; }
        . "$folder/server.env"
        "start_$kind"
        echo "$server" >"$folder/pid"
        if await_ready; then break; fi
        { end_server; } 2>/dev/null
        # A new server may have lost its port to somebody between choosing and binding; an old one keeps its address.
        if [ "$try" = 3 ] || [ -z "$fresh" ]; then
            say "$kind does not start in $folder; the last lines of its output:"
            tail -n 15 "$log" >&2
            leave keep
            exit 1
        fi
    done

    if [ -n "$fresh" ] && [ -n "$first" ]; then
        join_cluster
        await_ready || { leave keep; exit 1; }
    fi

    echo "ready $("${kind}_address")"
    { wait -n "$owner" "$server"; } 2>/dev/null || true
    if runs "$server"; then leave delete; else leave keep; exit 1; fi
}

[ $# -ge 2 ] || { sed -n '2,12p' "${BASH_SOURCE[0]}" | cut -c3- >&2; exit 2; }
server= companion= owner= first=
command=$1
case $command in
    run) kind=$2 folder=$(realpath -m "${3:?FOLDER}") first=${4:+$(realpath "$4")}; run ;;
    signal)
        pid=$(cat "$2/pid")
        # PostgreSQL's children are sessions of their own: the signal to the group alone would not reach them.
        children=$(cat "/proc/$pid/task/$pid/children" 2>/dev/null || true)
        kill "-${3:?signal}" -- "-$pid" || fail "the server of $2 (process $pid) does not run"
        for child in $children; do kill "-$3" "$child" 2>/dev/null || true; done
        ;;
    rabbitmqctl)
        folder=$(realpath "$2")
        . "$folder/server.env"
        find_programs
        rabbitmq_environment
        exec "${run_as[@]}" "$bin/rabbitmqctl" "${@:3}"
        ;;
    *) fail "'$command' is no command of this script" ;;
esac
