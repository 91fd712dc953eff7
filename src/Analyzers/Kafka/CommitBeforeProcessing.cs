using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.Kafka;

/// <summary>REL2002: an offset that moves before the work of its record is done.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CommitBeforeProcessing : KafkaAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.CommitBeforeProcessing,
        Rules.KafkaConsuming,
        "The offset moves before the work of its record is done",
        "The offset moves before '{0}' has run: when that fails, or the process stops in between, the record is behind the group's offset and never read again",
        "A committed (or stored) offset says that everything before it is done. Commit as the last step, when all that the record asks for has been done.");

    /// <summary>Creates the rule.</summary>
    public CommitBeforeProcessing()
        : base(Rule)
    {
    }

    private protected override void JudgeCall(KafkaUse use)
    {
        if (use.MovesOffset && Settlement.OfOffset(use.Call, use.Flow)?.FirstWorkAfter(use.Flow) is { } work)
            use.Report(use.Call.NameLocation(), DiagnosticKeys.CauseWritten, null, Finding.Always, new[] { work.Syntax.GetLocation() }, work.TargetMethod.Name);
    }
}
