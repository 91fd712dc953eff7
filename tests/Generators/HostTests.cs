using Reliability.Generators.CodeFixes;

namespace Reliability.Generators.Tests;

/// <summary>The compiler of the .NET 8 SDK loads the shipped assemblies, and has nothing newer to give them than what is listed here.</summary>
public sealed class HostTests
{
    private static readonly Dictionary<string, Version> Given = new()
    {
        ["netstandard"] = new(2, 0, 0, 0),
        ["Microsoft.CodeAnalysis"] = new(4, 8, 0, 0),
        ["Microsoft.CodeAnalysis.CSharp"] = new(4, 8, 0, 0),
        ["Microsoft.CodeAnalysis.Workspaces"] = new(4, 8, 0, 0),
        ["System.Collections.Immutable"] = new(7, 0, 0, 0),
        ["Reliability.Generators"] = typeof(HandlerGenerator).Assembly.GetName().Version!,
    };

    [Theory]
    [InlineData(typeof(HandlerGenerator))]
    [InlineData(typeof(AddJsonSerializable))]
    public void A_shipped_assembly_refers_to_nothing_that_the_oldest_host_lacks(Type shipped) =>
        Assert.All(shipped.Assembly.GetReferencedAssemblies(), reference =>
        {
            Assert.Contains(reference.Name!, (IDictionary<string, Version>)Given);
            Assert.True(reference.Version <= Given[reference.Name!], $"{shipped.Assembly.GetName().Name} refers to {reference}");
        });
}
