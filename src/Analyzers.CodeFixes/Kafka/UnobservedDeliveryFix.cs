using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.Kafka;

/// <summary>REL2104: awaits the delivery, in functions that can; turns the reports on that say how it went.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UnobservedDeliveryFix))]
public sealed class UnobservedDeliveryFix() : MessagingFix(Rules.UnobservedDelivery, "Hear how the delivery went")
{
    private static readonly ConfigEdits Reports = new("EnableDeliveryReports", "dotnet.producer.enable.delivery.reports", static (_, _) => CallEdits.True, "true");

    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (diagnostic.Says(DiagnosticKeys.Member, Reports.Property))
        {
            await Reports.MendAsync(edits, diagnostic).ConfigureAwait(false);
            return;
        }

        if (await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is not var (document, node) || document.CallAt(node) is not { Syntax: InvocationExpressionSyntax call }
            || call.FirstAncestorOrSelf<ExpressionStatementSyntax>() is not { } statement || !FunctionEnding.IsInAsync(statement)
            || (statement.Expression is AssignmentExpressionSyntax { Right: var assigned } ? assigned : statement.Expression) != call || !document.Claim(statement))
        {
            return;
        }

        var awaited = call;
        if (diagnostic.Says(DiagnosticKeys.Cause, DiagnosticKeys.CauseMissing))
        {
            // Produce without a handler, or with null for one.
            if (call.Expression is not MemberAccessExpressionSyntax access || call.ArgumentList.Arguments.Any(static one => one.NameColon is not null && one.NameColon.Name.Identifier.Text == "deliveryHandler"))
                return;
            awaited = call.WithExpression(access.WithName(SyntaxFactory.IdentifierName("ProduceAsync")))
                .WithArgumentList(call.ArgumentList.WithArguments(SyntaxFactory.SeparatedList<ArgumentSyntax>(call.ArgumentList.Arguments.GetWithSeparators().Take(3))));
        }

        document.Change(statement, current => current.WithExpression(SyntaxFactory.AwaitExpression(
            SyntaxFactory.Token(SyntaxKind.AwaitKeyword).WithTrailingTrivia(SyntaxFactory.Space), awaited.WithoutTrivia()).WithTriviaFrom(current.Expression)));
    }
}
