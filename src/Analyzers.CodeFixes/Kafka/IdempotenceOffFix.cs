using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.Kafka;

/// <summary>REL2102: has the broker recognise batches that are sent again.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(IdempotenceOffFix))]
public sealed class IdempotenceOffFix() : MessagingFix(Rules.IdempotenceOff, "Turn idempotence on")
{
    private static readonly ConfigEdits On = new("EnableIdempotence", "enable.idempotence", static (_, _) => CallEdits.True, "true");

    private protected override Task MendAsync(SolutionEdits edits, Diagnostic diagnostic) => On.MendAsync(edits, diagnostic);
}
