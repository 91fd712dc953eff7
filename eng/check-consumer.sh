#!/usr/bin/env bash
# Installs the packages of artifacts/packages (eng/check-packages.sh packs them) into projects outside the repository, and uses
# them as anybody would. A folder of eng/consumers is one such project; the function check_FOLDER says what must be seen there.
# Reliability.Tool is installed as a command, and run. With names as arguments, only those: check-consumer.sh Runtime tool
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1
repository=$PWD
packages=$repository/artifacts/packages
scratch=$(mktemp -d "${TMPDIR:-/tmp}/reliability-consumer.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

fail() { echo "check-consumer: $*" >&2; exit 1; }
compgen -G "$packages/*.nupkg" >/dev/null || fail "$packages has no packages; run eng/check-packages.sh first"

# The machine's own package sources stay as they are; beside them are the packages that eng/stand-ins.sh made because they lack them.
# Packages are unpacked into a folder of this run: an older package of the same version, left in the shared one, would answer in
# place of the one just packed.
stand_ins=$repository/artifacts/stand-ins/feed
if [ -d "$stand_ins" ]; then stand_ins="    <add key=\"stand-ins\" value=\"$stand_ins\" />"; else stand_ins=; fi
cat >"$scratch/nuget.config" <<CONFIG
<configuration>
  <packageSources>
    <add key="just packed" value="$packages" />
$stand_ins
  </packageSources>
  <config>
    <add key="globalPackagesFolder" value="$scratch/packages" />
  </config>
</configuration>
CONFIG
echo 'root = true' >"$scratch/.editorconfig"

expect() { grep -qE "$1" <<<"$output" || { echo "$output" >&2; fail "$2"; }; }
refuse() { if grep -qE "$1" <<<"$output"; then echo "$output" >&2; fail "$2"; fi; }

check_Analyzers() {
    local rule
    output=$(dotnet build -v q 2>&1) || { echo "$output" >&2; fail "the consumer does not build"; }
    for rule in REL1001 REL1101 REL1102 REL1201 REL1202 REL1204 REL1208 REL2001 REL2101 REL2102 REL2104; do
        expect "warning $rule: .*https://[^ ]*/docs/rules/$rule\.md" "no warning $rule with a link to its page"
        grep -q "\"ruleId\": \"$rule\"" findings.sarif || fail "no $rule in the SARIF log"
    done
    expect '/appsettings\.json\(4,13\): warning REL3002: ' "no finding at the line and column of appsettings.json"
    grep -q 'appsettings\.json"' findings.sarif || fail "the SARIF log does not name appsettings.json"

    # Severities and options. Every build below compiles anew, as nothing of the code has changed.
    cat >.editorconfig <<'OPTIONS'
[*.cs]
dotnet_diagnostic.REL1101.severity = none
reliability_transient_queues = orders.*
reliability_required_confirms = sometimes
OPTIONS
    output=$(analyze) || { echo "$output" >&2; fail "an .editorconfig breaks the build"; }
    refuse REL1101 ".editorconfig does not silence REL1101"
    refuse 'REL1001|REL1102' "the option does not silence the rules about a queue that is transient by design"
    expect 'warning REL1201' "the option silences more than it names"
    expect "/\.editorconfig\(4,33\): warning REL0001: 'sometimes' is no value of 'reliability_required_confirms'" "a wrong option is not reported at its place"

    # Presets, and that .editorconfig goes before them.
    printf '[*.cs]\ndotnet_diagnostic.REL1202.severity = suggestion\n' >.editorconfig
    if output=$(analyze -p:ReliabilityAnalysisMode=Strict); then fail "Strict lets mistakes pass"; fi
    for rule in REL1001 REL1208 REL2102 REL3002; do expect "error $rule:" "$rule is no error in Strict"; done
    refuse '(warning|error) REL1202' ".editorconfig does not go before Strict"
    rm .editorconfig
    output=$(analyze -p:ReliabilityAnalysisMode=minimal) || { echo "$output" >&2; fail "Minimal makes errors"; }
    expect 'warning REL1001' "Minimal says nothing of what loses messages"
    refuse 'REL1208|REL2102' "Minimal says more than what loses messages"
    output=$(analyze -p:ReliabilityAnalysisMode=None) || { echo "$output" >&2; fail "None makes errors"; }
    refuse 'REL[0-9]{4}' "None still reports"
    if output=$(analyze -p:ReliabilityAnalysisMode=Strickt); then fail "an unknown analysis mode passes"; fi
    expect "error REL0002: ReliabilityAnalysisMode is 'Strickt'; allowed are Recommended, Strict, Minimal and None" "an unknown analysis mode is not explained"

    output=$(dotnet format analyzers --no-restore --severity warn 2>&1) || { echo "$output" >&2; fail "dotnet format fails"; }
    output=$(analyze) || { echo "$output" >&2; fail "what dotnet format left does not build"; }
    expect REL3002 "a file that no fix can reach is no longer reported"
    refuse '\.cs\([0-9,]+\): warning REL[0-9]{4}' "dotnet format left a finding"
}

analyze() { dotnet build --no-restore --no-incremental -v q "$@" 2>&1; }

check_Runtime() {
    output=$(dotnet build -v q 2>&1) || { echo "$output" >&2; fail "the consumer does not build"; }
    output=$(timeout 60 dotnet run --no-build 2>&1) || { echo "$output" >&2; fail "the consumer does not run"; }
    expect '^one order, one invoice$' "the message did not go through both handlers"
}

# On a new PostgreSQL server of its own, whatever server the tests have.
check_EntityFramework() {
    output=$(dotnet build -v q 2>&1) || { echo "$output" >&2; fail "the consumer does not build"; }
    output=$(env -u RELIABILITY_POSTGRES "$repository/eng/services.sh" run --only postgres -- timeout 60 dotnet run --no-build 2>&1) ||
        { echo "$output" >&2; fail "the consumer does not run"; }
    expect '^one order, one invoice$' "the message did not go through both handlers"
}

check_tool() {
    local tool=$PWD/bin/reliability
    output=$(dotnet tool install Reliability.Tool --prerelease --tool-path bin --configfile "$scratch/nuget.config" 2>&1) ||
        { echo "$output" >&2; fail "the tool does not install"; }
    output=$("$tool" --help) || { echo "$output" >&2; fail "the tool does not run"; }
    expect 'dead-letters' "the tool's help does not name its commands"
    output=$("$tool" schema print --store sqlite:app.db) || { echo "$output" >&2; fail "the tool does not print the schema"; }
    expect 'CREATE TABLE' "the tool prints no tables"
    # These two need SQLite's native library, which the package brings.
    output=$("$tool" schema apply --store sqlite:app.db) || { echo "$output" >&2; fail "the tool does not make the tables"; }
    output=$("$tool" status --store sqlite:app.db) || { echo "$output" >&2; fail "the tool finds trouble in new tables"; }
}

[ $# -gt 0 ] || set -- $(ls "$repository/eng/consumers") tool
for name in "$@"; do
    mkdir "$scratch/$name"
    [ "$name" = tool ] || cp -r "$repository/eng/consumers/$name/." "$scratch/$name"
    (cd "$scratch/$name" && "check_$name")
    echo "  consumer $name: as expected"
done
