using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>REL1204: asks the broker to give back what no queue takes, where somebody would hear of it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UnroutableFix))]
public sealed class UnroutableFix() : MessagingFix(Rules.Unroutable, "Publish with mandatory: true")
{
    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (!diagnostic.Says(DiagnosticKeys.Member, "mandatory")
            || await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is not var (document, node) || document.CallAt(node) is not { } publish)
        {
            return;
        }

        if (publish.Argument("mandatory") is not null)
        {
            document.Pass(publish, "mandatory", CallEdits.True);
            return;
        }

        // The overloads without it take it behind the routing key; those with an address have no place for it.
        if (publish.Written("routingKey") is { Parent: ArgumentListSyntax list } route && !document.IsCalledOnType(publish) && document.Claim(list))
            document.Insert(list, list.Arguments.IndexOf(route) + 1, CallEdits.Named("mandatory", CallEdits.True));
    }
}
