using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

public class SourceFileCollection : List<(string filename, SourceText content)>
{
    public void Add((string filename, string content) file) => Add((file.filename, SourceText.From(file.content)));

    public void Add((Type sourceGeneratorType, string filename, string content) file) =>
        Add((file.sourceGeneratorType, file.filename, SourceText.From(file.content, Encoding.UTF8)));

    /// <summary>Generated files lie where the compiler puts them: assembly of the generator, its type, its hint name.</summary>
    public void Add((Type sourceGeneratorType, string filename, SourceText content) file)
    {
        var assembly = file.sourceGeneratorType.Assembly.GetName().Name ?? "";
        Add((Path.Combine(assembly, file.sourceGeneratorType.FullName!, file.filename), file.content));
    }
}

public class SourceFileList(string defaultPrefix, string defaultExtension) : SourceFileCollection
{
    public void Add(string content) => Add(($"{defaultPrefix}{Count}.{defaultExtension}", content));

    public void Add(SourceText content) => Add(($"{defaultPrefix}{Count}.{defaultExtension}", content));
}

public class MetadataReferenceCollection : List<MetadataReference>
{
    // A reference keeps its symbols once read: the same file must not be opened anew for every test.
    private static readonly ConcurrentDictionary<string, MetadataReference> Files = new();

    public void Add(string path) => Add(Files.GetOrAdd(path, static file => MetadataReference.CreateFromFile(file)));

    public void Add(Assembly assembly) => Add(assembly.Location);
}

/// <summary>Names a framework. This stand-in resolves no packages: references come from <c>AdditionalReferences</c>.</summary>
public sealed class ReferenceAssemblies(string targetFramework)
{
    public static ReferenceAssemblies Default { get; } = new("");

    public string TargetFramework { get; } = targetFramework;

    internal void EnsureNothingToResolve()
    {
        if (TargetFramework.Length == 0)
        {
            throw new InvalidOperationException(
                "The stand-in for Microsoft.CodeAnalysis.Testing resolves no reference packages: set ReferenceAssemblies = " +
                "new ReferenceAssemblies(\"net10.0\") and add the framework's and the libraries' DLLs to TestState.AdditionalReferences.");
        }
    }
}
