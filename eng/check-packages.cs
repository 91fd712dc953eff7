#!/usr/bin/env dotnet
// Looks into packed packages, and says what is wrong with them: dotnet run eng/check-packages.cs -- FOLDER REPOSITORY
#:property PublishAot=false

using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;

if (args is not [var folder, var repository])
{
    Console.Error.WriteLine("usage: dotnet run eng/check-packages.cs -- FOLDER REPOSITORY");
    return 2;
}

// What is released, and what each package brings with it.
const string Runtime = "Reliability.Runtime";
string[] both = ["net8.0", "net10.0"];
Dictionary<string, Library> libraries = new(StringComparer.Ordinal)
{
    [Runtime] = new(both, [
        "Microsoft.Extensions.DependencyInjection.Abstractions",
        "Microsoft.Extensions.Diagnostics.HealthChecks",
        "Microsoft.Extensions.Hosting.Abstractions",
        "Microsoft.Extensions.Logging.Abstractions",
        "Microsoft.Extensions.Options"]),
    ["Reliability.Sqlite"] = new(both, [Runtime, "Microsoft.Data.Sqlite.Core"]),
    ["Reliability.PostgreSql"] = new(both, [Runtime, "Npgsql"]),
    ["Reliability.EntityFrameworkCore"] = new(["net10.0"], [Runtime, "Microsoft.EntityFrameworkCore.Relational"]),
    ["Reliability.RabbitMQ"] = new(both, [Runtime, "RabbitMQ.Client"]),
    ["Reliability.Kafka"] = new(both, [Runtime, "Confluent.Kafka"]),
};
string[] released = ["Reliability.Analyzers", "Reliability.Tool", .. libraries.Keys];

var complaints = new List<string>();
var packages = Directory.GetFiles(folder, "*.nupkg").Order(StringComparer.Ordinal).Select(path => new Package(path, complaints)).ToList();
foreach (var package in packages)
{
    package.CheckMetadata();
    package.CheckSymbols();
    package.CheckPaths(repository);
    if (package.Id == "Reliability.Analyzers")
    {
        package.CheckAnalyzerPackage("Reliability.Analyzers.dll", "Reliability.Analyzers.CodeFixes.dll");
        package.CheckPresets("Recommended", "Strict", "Minimal", "None");
    }
    else if (package.Id == "Reliability.Tool")
        package.CheckToolPackage("reliability");
    else if (libraries.TryGetValue(package.Id, out var library))
        package.CheckLibraryPackage(library);
    if (package.Id == Runtime)
    {
        package.Require("analyzers/dotnet/cs/Reliability.Generators.dll");
        package.Require("analyzers/dotnet/cs/Reliability.Generators.CodeFixes.dll");
    }

    package.CheckCompilerReferences();
    Console.WriteLine($"  {package.Id} {package.Version}: {package.Files.Count} files");
}

foreach (var missing in released.Except(packages.Select(package => package.Id)))
    complaints.Add($"{missing} is not among the packages in {folder}");
foreach (var unknown in packages.Select(package => package.Id).Except(released))
    complaints.Add($"{unknown} is not meant to be released: set IsPackable to false, or name it in eng/check-packages.cs");
foreach (var complaint in complaints)
    Console.Error.WriteLine($"check-packages: {complaint}");
return complaints.Count == 0 ? 0 : 1;

/// <summary>What a library package must have and may bring: its frameworks, and the packages it depends on for each.</summary>
internal sealed record Library(string[] Frameworks, string[] Dependencies);

/// <summary>One packed package and what is wrong with it.</summary>
internal sealed class Package
{
    private static readonly Version Roslyn = new(4, 8, 0, 0);
    private static readonly Version Immutable = new(7, 0, 0, 0);

    private readonly List<string> _complaints;
    private readonly Dictionary<string, byte[]> _content;
    private readonly XElement _metadata;
    private readonly XNamespace _names;

    public Package(string path, List<string> complaints)
    {
        _complaints = complaints;
        using var zip = ZipFile.OpenRead(path);
        _content = zip.Entries.Where(entry => entry.Length > 0).ToDictionary(entry => Uri.UnescapeDataString(entry.FullName), Read, StringComparer.Ordinal);
        using var nuspec = new MemoryStream(_content.Single(file => file.Key.EndsWith(".nuspec", StringComparison.Ordinal)).Value);
        var root = XDocument.Load(nuspec).Root!;
        _names = root.Name.Namespace;
        _metadata = root.Element(_names + "metadata")!;
    }

    public string Id => Value("id")!;

    public string Version => Value("version")!;

    public IReadOnlyCollection<string> Files => _content.Keys;

    public void Require(string file)
    {
        if (!_content.ContainsKey(file))
            Complain($"has no {file}");
    }

    public void CheckMetadata()
    {
        Require("README.md");
        Require("LICENSE");
        if (Value("license") != "MIT")
            Complain("does not say that its licence is MIT");
        if (Value("readme") != "README.md")
            Complain("does not show its README");
        if (Value("description") is null or "Package Description")
            Complain("has no description");
        if (_metadata.Element(_names + "repository")?.Attribute("url") is null)
            Complain("names no repository");
    }

    /// <summary>A development dependency: nothing of it may reach those who reference the project that uses it.</summary>
    public void CheckAnalyzerPackage(params string[] analyzers)
    {
        foreach (var analyzer in analyzers)
            Require($"analyzers/dotnet/cs/{analyzer}");
        if (Value("developmentDependency") != "true")
            Complain("is no development dependency");
        if (Files.FirstOrDefault(file => file.StartsWith("lib/", StringComparison.Ordinal)) is { } library)
            Complain($"has a library, {library}, which would flow to the users of its users");
        if (_metadata.Descendants(_names + "dependency").FirstOrDefault() is { } dependency)
            Complain($"depends on {dependency.Attribute("id")?.Value}, which would flow to the users of its users");
    }

    /// <summary>What the analyzers' users choose from by one property, and what hands it to the compiler.</summary>
    public void CheckPresets(params string[] presets)
    {
        const string Folder = "build/presets/";
        Require($"build/{Id}.props");
        var targets = Text($"build/{Id}.targets");
        CheckSame("presets", presets.Select(preset => $"{Folder}{preset}.globalconfig"), Files.Where(file => file.StartsWith(Folder, StringComparison.Ordinal)));
        foreach (var preset in presets)
        {
            if (!targets.Contains($"'$(ReliabilityAnalysisMode)' == '{preset}'", StringComparison.Ordinal))
                Complain($"has the preset {preset}, and nobody can choose it");
            if (!Text($"{Folder}{preset}.globalconfig").Contains("is_global = true\n", StringComparison.Ordinal))
                Complain($"has a preset {preset} that the compiler would not take");
        }

        foreach (var rule in Files.Where(file => file.StartsWith("docs/rules/REL", StringComparison.Ordinal)).Select(file => Path.GetFileNameWithoutExtension(file)).Where(id => !id.StartsWith("REL4", StringComparison.Ordinal)))
        {
            if (!Text($"{Folder}Strict.globalconfig").Contains($"dotnet_diagnostic.{rule}.severity = error\n", StringComparison.Ordinal))
                Complain($"has a page for {rule}, which is no error in Strict");
        }
    }

    public void CheckLibraryPackage(Library library)
    {
        foreach (var framework in library.Frameworks)
        {
            Require($"lib/{framework}/{Id}.dll");
            Require($"lib/{framework}/{Id}.xml");
        }

        var groups = _metadata.Descendants(_names + "group").ToList();
        CheckSame("frameworks", library.Frameworks, groups.Select(group => group.Attribute("targetFramework")!.Value));
        foreach (var group in groups)
        {
            var framework = group.Attribute("targetFramework")!.Value;
            var dependencies = group.Elements(_names + "dependency").ToDictionary(dependency => dependency.Attribute("id")!.Value, StringComparer.Ordinal);
            CheckSame($"dependencies of {framework}", library.Dependencies, dependencies.Keys);
            foreach (var (id, dependency) in dependencies)
                CheckDependency(id, dependency);
        }
    }

    /// <summary>A command for <c>dotnet tool install</c>: it brings all that it needs, SQLite's native library for whatever machine included.</summary>
    public void CheckToolPackage(string command)
    {
        if (_metadata.Descendants(_names + "packageType").All(type => type.Attribute("name")?.Value != "DotnetTool"))
            Complain("is not marked as a tool");
        if (_metadata.Descendants(_names + "dependency").FirstOrDefault() is { } dependency)
            Complain($"depends on {dependency.Attribute("id")?.Value}, which installing a tool does not bring");
        const string Folder = "tools/net8.0/any";
        foreach (var system in new[] { "linux-x64", "linux-arm64", "osx-arm64", "win-x64" })
        {
            if (!Files.Any(file => file.StartsWith($"{Folder}/runtimes/{system}/native/", StringComparison.Ordinal)))
                Complain($"has no SQLite for {system}");
        }

        var settings = Xml($"{Folder}/DotnetToolSettings.xml")?.Descendants("Command").SingleOrDefault();
        if ((settings?.Attribute("Name")?.Value, settings?.Attribute("EntryPoint")?.Value) != (command, command + ".dll"))
            Complain($"does not say that its command is {command}");
        Require($"{Folder}/{command}.dll");
        if (!Text($"{Folder}/{command}.runtimeconfig.json").Contains("\"rollForward\": \"Major\"", StringComparison.Ordinal))
            Complain("runs on .NET 8 alone");
    }

    /// <summary>Nothing in a package may tell of the machine that built it, debug symbols included.</summary>
    public void CheckPaths(string repository)
    {
        foreach (var (file, content) in _content)
        {
            if (content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(repository)) >= 0 || content.AsSpan().IndexOf(Encoding.Unicode.GetBytes(repository)) >= 0)
                Complain($"has the path of the repository in {file}");
        }

        foreach (var (file, portable) in Assemblies(""))
        {
            using (portable)
            {
                if (Sources(portable).FirstOrDefault(source => !source.StartsWith("/_", StringComparison.Ordinal)) is { } source)
                    Complain($"names a source file of this machine, {source}, in the symbols of {file}");
            }
        }
    }

    /// <summary>Whatever compiler is as new as that of the .NET 8 SDK must be able to load what is meant for it.</summary>
    public void CheckCompilerReferences()
    {
        foreach (var (file, portable) in Assemblies("analyzers/"))
        {
            using (portable)
            {
                var reader = portable.GetMetadataReader();
                foreach (var reference in reader.AssemblyReferences.Select(reader.GetAssemblyReference))
                {
                    var name = reader.GetString(reference.Name);
                    var limit = name switch
                    {
                        "netstandard" => reference.Version,
                        "System.Collections.Immutable" => Immutable,
                        _ when name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) => Roslyn,
                        _ when Files.Contains($"analyzers/dotnet/cs/{name}.dll") => reference.Version,
                        _ => null,
                    };
                    if (limit is null)
                        Complain($"{file} refers to {name}, which not every compiler brings");
                    else if (reference.Version > limit)
                        Complain($"{file} refers to {name} {reference.Version}; {limit} is the newest that the .NET 8 SDK has");
                }
            }
        }
    }

    /// <summary>Of this repository's own assemblies: a tool holds those of others, too.</summary>
    public void CheckSymbols()
    {
        foreach (var (file, portable) in Assemblies(""))
        {
            using (portable)
            {
                if (Path.GetFileName(file).StartsWith("reliability", StringComparison.OrdinalIgnoreCase) && portable.ReadDebugDirectory().All(entry => entry.Type != DebugDirectoryEntryType.EmbeddedPortablePdb))
                    Complain($"{file} has no embedded symbols");
            }
        }
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var content = new MemoryStream();
        using var stream = entry.Open();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private static List<string> Sources(PEReader portable)
    {
        foreach (var entry in portable.ReadDebugDirectory().Where(entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb))
        {
            using var provider = portable.ReadEmbeddedPortablePdbDebugDirectoryData(entry);
            var symbols = provider.GetMetadataReader();
            return [.. symbols.Documents.Select(document => symbols.GetString(symbols.GetDocument(document).Name))];
        }

        return [];
    }

    private void CheckDependency(string id, XElement dependency)
    {
        var version = dependency.Attribute("version")!.Value;
        if (id.StartsWith("Reliability.", StringComparison.Ordinal))
        {
            if (version != Version)
                Complain($"depends on {id} {version}, which was not released with it");
            // Whoever installs a store alone gets the handler generator with it.
            if (dependency.Attribute("exclude")?.Value.Contains("Analyzers", StringComparison.Ordinal) == true)
                Complain($"keeps the generator of {id} from those who install it");
        }
        else if (version.Contains('*', StringComparison.Ordinal) || version.Contains('-', StringComparison.Ordinal))
        {
            Complain($"depends on {id} {version}, which is no released version");
        }
    }

    private void CheckSame(string what, IEnumerable<string> expected, IEnumerable<string> actual)
    {
        var (wanted, found) = (string.Join(", ", expected.Order(StringComparer.Ordinal)), string.Join(", ", actual.Order(StringComparer.Ordinal)));
        if (wanted != found)
            Complain($"has the {what} {found}; meant are {wanted}");
    }

    private string Text(string file)
    {
        Require(file);
        return _content.TryGetValue(file, out var content) ? Encoding.UTF8.GetString(content) : "";
    }

    private XElement? Xml(string file) => Text(file).TrimStart('\uFEFF') is { Length: > 0 } text ? XElement.Parse(text) : null;

    private IEnumerable<(string File, PEReader Reader)> Assemblies(string folder) =>
        from file in Files
        where file.StartsWith(folder, StringComparison.Ordinal) && file.EndsWith(".dll", StringComparison.Ordinal)
        select (file, new PEReader(new MemoryStream(_content[file])));

    private string? Value(string element) => _metadata.Element(_names + element)?.Value;

    private void Complain(string what) => _complaints.Add($"{Id} {what}");
}
