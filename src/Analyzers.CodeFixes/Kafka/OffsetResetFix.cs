using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.Kafka;

/// <summary>REL2006: has a new group begin with what is already there.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(OffsetResetFix))]
public sealed class OffsetResetFix() : MessagingFix(Rules.OffsetReset, "Start from the earliest record")
{
    private static readonly ConfigEdits Earliest = new("AutoOffsetReset", "auto.offset.reset", Value, "earliest");

    private protected override Task MendAsync(SolutionEdits edits, Diagnostic diagnostic) => Earliest.MendAsync(edits, diagnostic);

    private static MemberAccessExpressionSyntax Value(DocumentEdits edits, IPropertySymbol? property) => SyntaxFactory.MemberAccessExpression(
        SyntaxKind.SimpleMemberAccessExpression, edits.Name(edits.Model.Compilation.GetTypeByMetadataName("Confluent.Kafka.AutoOffsetReset")!), SyntaxFactory.IdentifierName("Earliest"));
}
