using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>REL1203: waits for the confirm, or has the client do it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UnobservedConfirmFix))]
public sealed class UnobservedConfirmFix() : MessagingFix(Rules.UnobservedConfirm, "Wait for the confirm")
{
    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is not var (document, node) || document.CallAt(node) is not { } call)
            return;

        if (diagnostic.Says(DiagnosticKeys.Cause, DiagnosticKeys.CauseMissing))
            await WaitAsync(edits, diagnostic, call).ConfigureAwait(false);
        else if (!diagnostic.Says(DiagnosticKeys.Cause, DiagnosticKeys.CauseOmitted))
            return;
        else if (call.TargetMethod.Name == "WaitForConfirms" && node is SimpleNameSyntax name)
            document.Replace(name, SyntaxFactory.IdentifierName("WaitForConfirmsOrDie"));
        else
            Await(document, call);
    }

    private static async Task WaitAsync(SolutionEdits edits, Diagnostic diagnostic, IInvocationOperation call)
    {
        foreach (var place in diagnostic.AdditionalLocations)
        {
            if (await edits.AtAsync(place).ConfigureAwait(false) is not var (document, node) || node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } other
                || document.Model.GetOperation(other) is not IInvocationOperation operation)
            {
                continue;
            }

            // Version 6 waits after the publishes; version 7 tracks, from the channel's creation on.
            if (call.TargetMethod.Name == "ConfirmSelect")
                ConfirmWait.Add(document, operation, given: null);
            else if ((operation.Argument("options")?.Value as IObjectCreationOperation)?.Argument("publisherConfirmationTrackingEnabled") is { Syntax: ArgumentSyntax tracked })
                document.Replace(tracked.Expression, CallEdits.True);
        }
    }

    private static void Await(DocumentEdits edits, IInvocationOperation publish)
    {
        if (publish.Syntax.FirstAncestorOrSelf<ExpressionStatementSyntax>() is not { } statement || !FunctionEnding.IsInAsync(statement))
            return;

        var task = statement.Expression is AssignmentExpressionSyntax { Right: var assigned } ? assigned : statement.Expression;
        if (edits.Claim(statement))
            edits.Change(statement, current => current.WithExpression(SyntaxFactory.AwaitExpression(
                SyntaxFactory.Token(SyntaxKind.AwaitKeyword).WithTrailingTrivia(SyntaxFactory.Space), task.WithoutTrivia()).WithTriviaFrom(current.Expression)));
    }
}
