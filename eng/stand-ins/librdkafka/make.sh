# Builds librdkafka from the sources that Confluent's own Node client bundles, and packs it as librdkafka.redist.

npm_package=@confluentinc/kafka-javascript@1.10.1
npm_integrity=sha512-KVePUBn21EqCVP9mfxzEuM3SYJHHEF7X+iiC2e43QQgDSyEaksInmCGooT3w5q+cNAdkSCrK71j0ICfqoSqZLw==

make_librdkafka() { # recipe version output
    local recipe=$1 version=$2 output=$3 work="$scratch/librdkafka" rid archive log
    case "$(uname -sm)" in
        "Linux x86_64") rid=linux-x64 ;;
        "Linux aarch64") rid=linux-arm64 ;;
        *) die "librdkafka.redist $version is not in the package feed, and its stand-in is built on Linux only (this is $(uname -sm)): use a feed that has it" ;;
    esac
    need npm npm
    need gcc gcc
    need g++ g++
    need make make
    [ -e /usr/include/openssl/ssl.h ] || need_headers libssl-dev
    [ -e /usr/include/zlib.h ] || need_headers zlib1g-dev

    mkdir -p "$work"
    log="$work/build.log"
    archive="$work/$(cd "$work" && npm pack --silent "$npm_package" 2>"$log" | tail -n 1)"
    [ -f "$archive" ] || die "npm could not fetch $npm_package: $(tail -n 1 "$log")"
    [ "sha512-$(openssl dgst -sha512 -binary "$archive" | base64 -w 0)" = "$npm_integrity" ] ||
        die "$npm_package is not the archive that this recipe was written for: its hash differs"
    tar -xzf "$archive" -C "$work" package/deps/librdkafka
    (
        cd "$work/package/deps/librdkafka"
        ./configure --disable-gssapi --disable-debug-symbols --disable-curl && make -j2 libs
    ) >"$log" 2>&1 || { tail -n 20 "$log" >&2; die "librdkafka $version did not build (end of its log above)"; }
    cp -L "$work/package/deps/librdkafka/src/librdkafka.so.1" "$work/librdkafka.so"
    cp "$work/package/deps/librdkafka/LICENSES.txt" "$work/LICENSES.txt"

    dotnet pack "$recipe/librdkafka.redist.csproj" -v q -o "$output" \
        -p:Version="$version" -p:NativeFolder="$work" -p:NativeRuntime="$rid" \
        -p:BaseIntermediateOutputPath="$work/obj/" -p:BaseOutputPath="$work/bin/" >"$log" 2>&1 ||
        { tail -n 5 "$log" >&2; die "librdkafka.redist $version did not pack"; }
}

need_headers() { # debian package
    if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
        say "installing $1"
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$1"; } >"$scratch/apt.log" 2>&1 && return
    fi
    die "the headers of $1 are missing: install that package, then run this again"
}
