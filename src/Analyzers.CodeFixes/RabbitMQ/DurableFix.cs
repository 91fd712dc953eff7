using Microsoft.CodeAnalysis;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>Exchanges and queues are mended alike: <c>durable</c> becomes true, and nothing else that the declaration says changes.</summary>
public abstract class DurableFix : MessagingFix
{
    private protected DurableFix(string id, string title) : base(id, title)
    {
    }

    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is var (document, node) && document.CallAt(node) is { } call)
            document.Pass(call, "durable", CallEdits.True);
    }
}
