using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>REL1005: gives a failed message to the dead letters, where its queue has some.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UnboundedRequeueFix))]
public sealed class UnboundedRequeueFix() : MessagingFix(Rules.UnboundedRequeue, "Reject to the dead-letter exchange")
{
    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (diagnostic.Says(DiagnosticKeys.Cause, DiagnosticKeys.CauseWritten)
            && await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is var (document, node) && document.CallAt(node) is { } reject)
        {
            document.Pass(reject, "requeue", CallEdits.False);
        }
    }
}
