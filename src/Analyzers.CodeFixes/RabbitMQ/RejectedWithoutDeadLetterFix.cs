using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>REL1006: gives the queues whose messages are rejected a queue for dead letters.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RejectedWithoutDeadLetterFix))]
public sealed class RejectedWithoutDeadLetterFix() : MessagingFix(Rules.RejectedWithoutDeadLetter, "Declare a queue for dead letters")
{
    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        foreach (var place in diagnostic.AdditionalLocations)
        {
            if (await edits.AtAsync(place).ConfigureAwait(false) is var (document, node) && document.Model.GetOperation(node.FirstAncestorOrSelf<InvocationExpressionSyntax>() ?? node) is IInvocationOperation declaration)
                DeadLetterQueue.Add(document, declaration);
        }
    }
}
