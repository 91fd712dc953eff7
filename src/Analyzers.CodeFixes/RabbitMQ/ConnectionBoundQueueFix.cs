using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>REL1103: says in full that the queue outlives its connection and its consumers, and the broker too.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ConnectionBoundQueueFix))]
public sealed class ConnectionBoundQueueFix() : MessagingFix(Rules.ConnectionBoundQueue, "Keep the queue when connections and consumers go")
{
    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is not var (document, node) || document.CallAt(node) is not { } call || !document.Claim(call.Syntax))
            return;

        // Each new argument goes in front of the one before.
        foreach (var (parameter, value) in new[] { ("autoDelete", false), ("exclusive", false), ("durable", true) })
        {
            if (call.Argument(parameter)?.Value.ConstantValue is not { HasValue: true, Value: bool given } || given != value)
                document.Pass(call, parameter, value ? CallEdits.True : CallEdits.False);
        }
    }
}
