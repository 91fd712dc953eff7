using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>REL1106: gives the quorum queue a queue for dead letters. What a limit of -1 should be is for people to say.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DroppedAfterRedeliveriesFix))]
public sealed class DroppedAfterRedeliveriesFix() : MessagingFix(Rules.DroppedAfterRedeliveries, "Declare a queue for dead letters")
{
    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (diagnostic.Says(DiagnosticKeys.Cause, DiagnosticKeys.CauseUnset) && await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is var (document, node)
            && node.FirstAncestorOrSelf<ArgumentSyntax>()?.Parent?.Parent is InvocationExpressionSyntax call && document.Model.GetOperation(call) is IInvocationOperation declaration)
        {
            DeadLetterQueue.Add(document, declaration);
        }
    }
}
