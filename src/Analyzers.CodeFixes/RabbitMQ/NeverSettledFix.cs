using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>REL1003: acks as the last step of the handler.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NeverSettledFix))]
public sealed class NeverSettledFix() : MessagingFix(Rules.NeverSettled, "Acknowledge after the work")
{
    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is var (document, node) && document.CallAt(node) is { } consume
            && HandlerAck.Find(document, consume) is { } handler && document.Claim(handler.Function))
        {
            handler.Add(document);
        }
    }
}
