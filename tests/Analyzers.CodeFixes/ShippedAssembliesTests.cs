using System.Reflection;
using Microsoft.CodeAnalysis.CodeFixes;
using Reliability.Analyzers;
using Reliability.Analyzers.CodeFixes;

namespace Reliability.Tests;

/// <summary>The oldest host is the .NET 8 SDK (Roslyn 4.8): what it does not have, the assemblies must not ask for.</summary>
public class ShippedAssembliesTests
{
    private static readonly Dictionary<string, Version> HostBrings = new()
    {
        ["netstandard"] = new(2, 0, 0, 0),
        ["Microsoft.CodeAnalysis"] = new(4, 8, 0, 0),
        ["Microsoft.CodeAnalysis.CSharp"] = new(4, 8, 0, 0),
        ["Microsoft.CodeAnalysis.Workspaces"] = new(4, 8, 0, 0),
        ["Microsoft.CodeAnalysis.CSharp.Workspaces"] = new(4, 8, 0, 0),
        ["System.Collections.Immutable"] = new(7, 0, 0, 0),
    };

    [Theory]
    [InlineData(typeof(MessagingAnalyzer))]
    [InlineData(typeof(MessagingFix))]
    public void An_assembly_asks_for_nothing_that_the_oldest_host_lacks(Type shipped)
    {
        var own = typeof(MessagingAnalyzer).Assembly.GetName().Name;
        var tooNew = shipped.Assembly.GetReferencedAssemblies()
            .Where(asked => asked.Name != own && !(HostBrings.TryGetValue(asked.Name!, out var newest) && asked.Version <= newest));
        Assert.Empty(tooNew);
    }

    [Fact]
    public void Each_rule_of_a_mendable_kind_has_one_fix_of_its_name()
    {
        var rules = Shipped<ReliabilityAnalyzer>(typeof(MessagingAnalyzer)).ToDictionary(rule => rule.SupportedDiagnostics.Single().Id, rule => rule.GetType().Name);
        var fixes = Shipped<CodeFixProvider>(typeof(MessagingFix)).ToArray();
        Assert.NotEmpty(fixes);
        Assert.All(fixes, fix => Assert.Equal(rules[Assert.Single(fix.FixableDiagnosticIds)] + "Fix", fix.GetType().Name));
    }

    [Fact]
    public void Every_fix_is_exported_for_csharp_and_mends_documents_projects_and_solutions()
    {
        Assert.All(Shipped<CodeFixProvider>(typeof(MessagingFix)), fix =>
        {
            Assert.Equal(["C#"], fix.GetType().GetCustomAttribute<ExportCodeFixProviderAttribute>()!.Languages);
            Assert.Equal(
                [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution], fix.GetFixAllProvider()!.GetSupportedFixAllScopes());
        });
    }

    private static IEnumerable<TPart> Shipped<TPart>(Type marker) => marker.Assembly.GetTypes()
        .Where(type => !type.IsAbstract && typeof(TPart).IsAssignableFrom(type)).Select(type => (TPart)Activator.CreateInstance(type)!);
}
