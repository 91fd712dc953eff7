using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>REL1001: consumes with acks, and with a limit where there is none; acks after the work where the handler, or the block that fetched the message, is in view and settles nothing itself.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AutoAckFix))]
public sealed class AutoAckFix() : MessagingFix(Rules.AutoAck, "Turn off autoAck")
{
    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is not var (document, node) || document.CallAt(node) is not { } consume)
            return;

        document.Pass(consume, "autoAck", CallEdits.False);
        PrefetchLimit.AddIfMissing(document, consume);
        if (HandlerAck.Find(document, consume) is { } handler && document.Claim(handler.Function))
            handler.Add(document);
        FetchedAck.Add(document, consume);
    }
}
