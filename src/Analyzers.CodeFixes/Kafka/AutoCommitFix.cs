using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.Kafka;

/// <summary>REL2001: turns auto-commit off, and commits after the work where the consume loop is in view.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AutoCommitFix))]
public sealed class AutoCommitFix() : MessagingFix(Rules.AutoCommit, "Turn off auto-commit")
{
    private static readonly ConfigEdits Off = new("EnableAutoCommit", "enable.auto.commit", static (_, _) => CallEdits.False, "false");

    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is not var (consumer, use))
            return;

        // Offsets that nobody commits, or that are committed before the work is done, lose more than auto-commit does.
        var loops = ConsumeLoops.Of(consumer, use);
        if (loops is not { HaveDetachedWork: true } && await Off.MendAsync(edits, diagnostic).ConfigureAwait(false))
            loops?.CommitAfterWork();
    }
}
