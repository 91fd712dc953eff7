using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Reliability.Tests;

/// <summary>The smallest rule with a fix: a class's name starts with a capital.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ClassNames : DiagnosticAnalyzer
{
    public static readonly DiagnosticDescriptor Rule = new(
        "TEST1", "Class names are capital", "Class '{0}' is not capital", "Naming", DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSyntaxNodeAction(Check, SyntaxKind.ClassDeclaration);
    }

    private static void Check(SyntaxNodeAnalysisContext context)
    {
        var name = ((ClassDeclarationSyntax)context.Node).Identifier;
        if (char.IsLower(name.Text[0]))
            context.ReportDiagnostic(Diagnostic.Create(Rule, name.GetLocation(), name.Text));
    }
}

public class ClassNamesFix : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => ["TEST1"];

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        context.RegisterCodeFix(CodeAction.Create("Capital", token => RenameAsync(context, token), "capital"), context.Diagnostics);
        return Task.CompletedTask;
    }

    protected virtual string NewName(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    private async Task<Document> RenameAsync(CodeFixContext context, CancellationToken cancellationToken)
    {
        var root = (await context.Document.GetSyntaxRootAsync(cancellationToken))!;
        var old = root.FindToken(context.Span.Start);
        var renamed = SyntaxFactory.Identifier(old.LeadingTrivia, NewName(old.Text), old.TrailingTrivia);
        return context.Document.WithSyntaxRoot(root.ReplaceToken(old, renamed));
    }
}

/// <summary>A fix whose result has the same mistake again: it would go on for ever.</summary>
public sealed class EndlessFix : ClassNamesFix
{
    protected override string NewName(string name) => name + "x";
}

public sealed class UselessFix : ClassNamesFix
{
    protected override string NewName(string name) => name;
}

/// <summary>Builds a name that no compiler would read as one token.</summary>
public sealed class MalformedFix : ClassNamesFix
{
    protected override string NewName(string name) => "A : B";
}

[Generator]
public sealed class Greeting : IIncrementalGenerator
{
    public const string Text = "class Greeting { }";

    public void Initialize(IncrementalGeneratorInitializationContext context) =>
        context.RegisterPostInitializationOutput(output => output.AddSource("Greeting.g.cs", Text));
}

[Generator]
public sealed class BrokenGreeting : IIncrementalGenerator
{
    public const string Text = "class Greeting : Missing { }";

    public void Initialize(IncrementalGeneratorInitializationContext context) =>
        context.RegisterPostInitializationOutput(output => output.AddSource("Greeting.g.cs", Text));
}
