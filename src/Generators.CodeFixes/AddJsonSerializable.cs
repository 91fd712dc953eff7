using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace Reliability.Generators.CodeFixes;

/// <summary>Mends REL4010: adds <c>[JsonSerializable(typeof(T))]</c> to the JSON context, wherever that is written.</summary>
// No [Shared]: it would tie the assembly to a System.Composition that hosts of the .NET 8 SDK's age do not have.
[ExportCodeFixProvider(LanguageNames.CSharp)]
public sealed class AddJsonSerializable : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(HandlerRules.NotInJsonContext.Id);

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => AddEveryJsonSerializable.Instance;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            if (MissingType.In(diagnostic) is { } missing
                && await FindContextAsync(context.Document.Project, missing, context.CancellationToken).ConfigureAwait(false) is not null)
            {
                var title = $"Add [JsonSerializable(typeof({missing.ShortType}))] to {missing.ShortContext}";
                context.RegisterCodeFix(
                    CodeAction.Create(title, token => AddAsync(context.Document.Project, [missing], token), nameof(AddJsonSerializable)), diagnostic);
            }
        }
    }

    /// <summary>The solution with every type added to the context it is missing in.</summary>
    internal static async Task<Solution> AddAsync(Project project, IReadOnlyCollection<MissingType> types, CancellationToken cancellationToken)
    {
        var solution = project.Solution;
        foreach (var missing in types)
        {
            var current = solution.GetProject(project.Id)!;
            if (await FindContextAsync(current, missing, cancellationToken).ConfigureAwait(false) is not { } found)
            {
                continue;
            }

            var document = solution.GetDocument(found.SyntaxTree)!;
            var root = await found.SyntaxTree.GetRootAsync(cancellationToken).ConfigureAwait(false);
            solution = document.WithSyntaxRoot(root.ReplaceNode(found, WithType(found, missing))).Project.Solution;
        }

        return solution;
    }

    private static ClassDeclarationSyntax WithType(ClassDeclarationSyntax context, MissingType missing)
    {
        var attribute = SyntaxFactory.Attribute(
            SyntaxFactory.ParseName("global::System.Text.Json.Serialization.JsonSerializable").WithAdditionalAnnotations(Simplifier.Annotation),
            SyntaxFactory.AttributeArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.AttributeArgument(
                SyntaxFactory.TypeOfExpression(SyntaxFactory.ParseTypeName(missing.Type).WithAdditionalAnnotations(Simplifier.Annotation))))));
        var list = SyntaxFactory.AttributeList(SyntaxFactory.SingletonSeparatedList(attribute));
        if (context.AttributeLists.LastOrDefault() is { } last)
        {
            var indentation = last.GetLeadingTrivia().Where(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia));
            list = list.WithLeadingTrivia(indentation).WithTrailingTrivia(last.GetTrailingTrivia());
            return context.WithAttributeLists(context.AttributeLists.Add(list.WithAdditionalAnnotations(Formatter.Annotation)));
        }

        // The first attribute takes over what stands before the class: comments stay above it.
        list = list.WithLeadingTrivia(context.GetLeadingTrivia()).WithTrailingTrivia(SyntaxFactory.ElasticCarriageReturnLineFeed);
        return context.WithoutLeadingTrivia().WithAttributeLists(SyntaxFactory.SingletonList(list)).WithAdditionalAnnotations(Formatter.Annotation);
    }

    /// <summary>The part of the context that lists its types, else any part; null where it is not written in this solution.</summary>
    private static async Task<ClassDeclarationSyntax?> FindContextAsync(Project project, MissingType missing, CancellationToken cancellationToken)
    {
        var compilation = await project.GetCompilationAsync(cancellationToken).ConfigureAwait(false);
        var parts = new List<ClassDeclarationSyntax>();
        var references = compilation?.GetTypeByMetadataName(missing.Context)?.DeclaringSyntaxReferences ?? ImmutableArray<SyntaxReference>.Empty;
        foreach (var reference in references)
        {
            // What a generator wrote is in no document.
            if (project.Solution.GetDocument(reference.SyntaxTree) is not null
                && await reference.GetSyntaxAsync(cancellationToken).ConfigureAwait(false) is ClassDeclarationSyntax part)
            {
                parts.Add(part);
            }
        }

        return parts.FirstOrDefault(part => part.AttributeLists.Count > 0) ?? parts.FirstOrDefault();
    }
}
