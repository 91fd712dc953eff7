using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>REL1004: settles this one message only.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AckMultipleFix))]
public sealed class AckMultipleFix() : MessagingFix(Rules.AckMultiple, "Acknowledge this message only")
{
    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is var (document, node) && document.CallAt(node) is { } ack)
            document.Pass(ack, "multiple", CallEdits.False);
    }
}
