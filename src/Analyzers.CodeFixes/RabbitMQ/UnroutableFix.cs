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
        if (await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is not var (document, node) || document.CallAt(node) is not { } publish)
            return;

        // The overloads without the flag take it behind the routing key; those with an address have no place for it.
        var hasFlag = publish.Argument("mandatory") is not null;
        var route = publish.Written("routingKey")?.Parent is ArgumentListSyntax && !document.IsCalledOnType(publish) ? publish.Written("routingKey") : null;
        if ((!hasFlag && route is null) || (diagnostic.Says(DiagnosticKeys.Member, "BasicReturn") && (publish.TargetMethod.Name != "BasicPublish" || !ReturnedMessages.Listen(document, publish))))
            return;

        if (hasFlag)
        {
            if (!diagnostic.Says(DiagnosticKeys.Cause, DiagnosticKeys.CauseMissing))
                document.Pass(publish, "mandatory", CallEdits.True);
        }
        else if (route?.Parent is ArgumentListSyntax list && document.Claim(list))
        {
            document.Insert(list, list.Arguments.IndexOf(route) + 1, CallEdits.Named("mandatory", CallEdits.True));
        }
    }
}
