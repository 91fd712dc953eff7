#!/usr/bin/env bash
# Runs built test projects one after the other and sums their results: run-tests.sh FILTER PROJECT… (FILTER may be empty).
# The last line is "N passed, N failed, N skipped". A project that ends without a result, or in which nothing ran though no
# filter was given, counts as one failure; so does a skipped test where KAFKA_HOME is set, since only its absence may skip one.
set -euo pipefail
filter=$1
shift
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
case $filter in '' | *[=~!\|\&]*) ;; *) filter="FullyQualifiedName~$filter" ;; esac

counter() { { grep -oE "<Counters [^>]*" "$trx" | grep -oE " $1=\"[0-9]+\"" | grep -oE '[0-9]+'; } || echo 0; }

passed=0 failed=0 skipped=0 number=0
for project in "$@"; do
    number=$((number + 1))
    name=$(basename "$project" .Tests.csproj)
    echo "-- $name ($number of $#)"
    trx=$results/$number.trx
    status=0
    dotnet test "$project" --no-build --nologo -v q --results-directory "$results" --logger "trx;LogFileName=$number.trx" \
        --logger 'console;verbosity=minimal' ${filter:+--filter "$filter"} || status=$?
    if [ ! -f "$trx" ]; then
        if [ $status = 0 ] && [ -n "$filter" ]; then continue; fi
        echo "$name ended with status $status and no results." >&2
        failed=$((failed + 1))
        continue
    fi
    total=$(counter total) executed=$(counter executed) good=$(counter passed)
    passed=$((passed + good))
    failed=$((failed + executed - good))
    skipped=$((skipped + total - executed))
    if [ $status != 0 ] && [ "$executed" = "$good" ]; then
        echo "$name ended with status $status though no test failed." >&2
        failed=$((failed + 1))
    elif [ "$total" = 0 ] && [ -z "$filter" ]; then
        echo "$name has no tests." >&2
        failed=$((failed + 1))
    fi
done

if [ $skipped -gt 0 ] && [ -n "${KAFKA_HOME:-}" ]; then
    echo "$skipped tests were skipped though KAFKA_HOME is $KAFKA_HOME: nothing else may skip one." >&2
    failed=$((failed + skipped)) skipped=0
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
