# Builds the stand-in for Microsoft.CodeAnalysis.Testing, and packs it under the ids that test projects name.

make_roslyn_testing() { # recipe version output
    local recipe=$1 version=$2 output=$3 work="$scratch/roslyn-testing" id
    local project="$recipe/Microsoft.CodeAnalysis.Analyzer.Testing.csproj"
    mkdir -p "$work"
    local apart=(-v q -c Release -o "$output" -p:Version="$version" -p:BaseIntermediateOutputPath="$work/obj/" -p:BaseOutputPath="$work/bin/")
    dotnet pack "$project" "${apart[@]}" >"$work/log" 2>&1 ||
        { grep -m 5 error "$work/log" >&2; die "the stand-in for Microsoft.CodeAnalysis.Testing did not build"; }
    for id in CSharp.Analyzer.Testing CSharp.CodeFix.Testing CSharp.SourceGenerators.Testing; do
        dotnet pack "$project" "${apart[@]}" --no-build -p:PackageId="Microsoft.CodeAnalysis.$id" \
            -p:NuspecFile="$recipe/family.nuspec" -p:NuspecProperties="\"id=Microsoft.CodeAnalysis.$id;version=$version\"" >"$work/log" 2>&1 ||
            { grep -m 5 error "$work/log" >&2; die "the stand-in for Microsoft.CodeAnalysis.$id did not pack"; }
    done
}
