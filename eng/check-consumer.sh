#!/usr/bin/env bash
# Installs the packages of artifacts/packages (eng/check-packages.sh packs them) into projects outside the repository, and uses
# them as anybody would. A folder of eng/consumers is one such project; the function check_FOLDER says what must be seen there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1
repository=$PWD
packages=$repository/artifacts/packages
scratch=$(mktemp -d "${TMPDIR:-/tmp}/reliability-consumer.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

fail() { echo "check-consumer: $*" >&2; exit 1; }
compgen -G "$packages/*.nupkg" >/dev/null || fail "$packages has no packages; run eng/check-packages.sh first"

# The machine's own package sources stay as they are. Packages are unpacked into a folder of this run: an older package of the
# same version, left in the shared one, would answer in place of the one just packed.
cat >"$scratch/nuget.config" <<CONFIG
<configuration>
  <packageSources>
    <add key="just packed" value="$packages" />
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
    for rule in REL1001 REL1101 REL1102 REL1201 REL1202; do
        expect "warning $rule: .*https://[^ ]*/docs/rules/$rule\.md" "no warning $rule with a link to its page"
    done

    printf '[*.cs]\ndotnet_diagnostic.REL1101.severity = none\n' >.editorconfig
    output=$(dotnet build --no-restore --no-incremental -v q 2>&1)
    refuse REL1101 ".editorconfig does not silence REL1101"
    expect REL1102 ".editorconfig silences more than it names"
    rm .editorconfig

    output=$(dotnet format analyzers --no-restore --severity warn 2>&1) || { echo "$output" >&2; fail "dotnet format fails"; }
    output=$(dotnet build --no-restore --no-incremental -v q 2>&1) || { echo "$output" >&2; fail "what dotnet format left does not build"; }
    refuse 'REL[0-9]{4}' "dotnet format left a finding"
}

check_Runtime() {
    output=$(dotnet build -v q 2>&1) || { echo "$output" >&2; fail "the consumer does not build"; }
    output=$(timeout 60 dotnet run --no-build 2>&1) || { echo "$output" >&2; fail "the consumer does not run"; }
    expect '^one order, one invoice$' "the message did not go through both handlers"
}

for consumer in "$repository"/eng/consumers/*/; do
    name=$(basename "$consumer")
    cp -r "$consumer" "$scratch/$name"
    (cd "$scratch/$name" && "check_$name")
    echo "  consumer $name: as expected"
done
