#!/usr/bin/env dotnet
// Looks into packed packages, and says what is wrong with them: dotnet run eng/check-packages.cs -- FOLDER
#:property PublishAot=false

using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

if (args is not [var folder])
{
    Console.Error.WriteLine("usage: dotnet run eng/check-packages.cs -- FOLDER");
    return 2;
}

var complaints = new List<string>();
var packages = Directory.GetFiles(folder, "*.nupkg").Order(StringComparer.Ordinal).Select(path => new Package(path, complaints)).ToList();
foreach (var package in packages)
{
    package.CheckMetadata();
    package.CheckSymbols();
    if (package.Id == "Reliability.Analyzers")
        package.CheckAnalyzerPackage("Reliability.Analyzers.dll", "Reliability.Analyzers.CodeFixes.dll");
    else
        package.CheckLibraryPackage("net8.0", "net10.0");
    if (package.Id == "Reliability.Runtime")
        package.Require("analyzers/dotnet/cs/Reliability.Generators.dll");
    package.CheckCompilerReferences();
    Console.WriteLine($"  {package.Id} {package.Version}: {package.Files.Count} files");
}

if (packages.All(package => package.Id != "Reliability.Analyzers"))
    complaints.Add($"Reliability.Analyzers is not among the packages in {folder}");
foreach (var complaint in complaints)
    Console.Error.WriteLine($"check-packages: {complaint}");
return complaints.Count == 0 ? 0 : 1;

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

    public void CheckLibraryPackage(params string[] frameworks)
    {
        foreach (var framework in frameworks)
        {
            Require($"lib/{framework}/{Id}.dll");
            Require($"lib/{framework}/{Id}.xml");
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

    public void CheckSymbols()
    {
        foreach (var (file, portable) in Assemblies(""))
        {
            using (portable)
            {
                if (portable.ReadDebugDirectory().All(entry => entry.Type != DebugDirectoryEntryType.EmbeddedPortablePdb))
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

    private IEnumerable<(string File, PEReader Reader)> Assemblies(string folder) =>
        from file in Files
        where file.StartsWith(folder, StringComparison.Ordinal) && file.EndsWith(".dll", StringComparison.Ordinal)
        select (file, new PEReader(new MemoryStream(_content[file])));

    private string? Value(string element) => _metadata.Element(_names + element)?.Value;

    private void Complain(string what) => _complaints.Add($"{Id} {what}");
}
