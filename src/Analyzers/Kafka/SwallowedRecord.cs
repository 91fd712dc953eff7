using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;
using Reliability.Analyzers.Options;

namespace Reliability.Analyzers.Kafka;

/// <summary>REL2005: a consume loop that drops the failure of a record, and commits past it.</summary>
public sealed class SwallowedRecord : MessagingAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.SwallowedRecord,
        Rules.KafkaConsuming,
        "The offset moves past a record whose work failed",
        "Every exception is caught and dropped here, and {0} to commit: the offset moves past the record whose work failed, and it is never read again",
        "A committed offset covers every record before it, failed ones too. On failure seek back, write the record to a retry or dead-letter topic, or let the exception end the loop.");

    /// <summary>Creates the rule.</summary>
    public SwallowedRecord()
        : base(Rule)
    {
    }

    internal override void Watch(RuleRegistration context, CompilationFlow flow)
    {
        if (flow.Types.Kafka is not null)
            context.RegisterOperationAction(operation => Judge((ITryOperation)operation.Operation, flow, operation.Options, operation.ReportDiagnostic), OperationKind.Try);
    }

    private static void Judge(ITryOperation attempt, CompilationFlow flow, AnalyzerOptions analyzer, Action<Diagnostic> report)
    {
        if (attempt.Catches.IsEmpty)
            return;

        var options = RuleOptions.For(attempt.Syntax.SyntaxTree, analyzer);
        var dropping = attempt.Catches.Where(caught => Drops(caught, flow, options)).ToList();
        if (dropping.Count == 0 || !Work.In(attempt.Body, flow).Any())
            return;

        if (ConsumeLoops.Around(attempt) is { } loop && flow.ConsumeLoops.ConsumeIn(loop) is { } consume)
        {
            dropping.RemoveAll(Leaves);

            // One that commits before it works loses the record by that already.
            if (dropping.Count > 0 && IsAboutRecord(attempt, consume, flow) && (flow.ConsumeLoops.CommitIn(loop) ?? options.CommitMethods.In(loop).FirstOrDefault()) is { } commit
                && Settlement.OfOffset(commit, flow)?.FirstWorkAfter(flow) is null)
            {
                Report(dropping, commit, report, "the loop goes on");
            }
        }
        else if ((SwallowedTurns.CommitInTurn(attempt, flow) ?? SwallowedTurns.CommitAfter(attempt, flow)) is { } commit)
        {
            Report(dropping, commit, report, "the loop that calls this goes on");
        }
    }

    private static void Report(IEnumerable<ICatchClauseOperation> dropping, IInvocationOperation commit, Action<Diagnostic> report, string then)
    {
        foreach (var clause in dropping.Select(static caught => caught.Syntax).OfType<CatchClauseSyntax>())
        {
            var properties = ImmutableDictionary<string, string?>.Empty.Add(DiagnosticKeys.Client, DiagnosticKeys.ClientKafka).Add(DiagnosticKeys.Cause, DiagnosticKeys.CauseWritten);
            report(Diagnostic.Create(Rule, clause.CatchKeyword.GetLocation(), new[] { commit.Syntax.GetLocation() }, properties, then));
        }
    }

    /// <summary>Whether a block drops everything; one that commits the failed record drops it too.</summary>
    private static bool Drops(ICatchClauseOperation caught, CompilationFlow flow, RuleOptions options) => SwallowedFailures.Drops(
        caught,
        flow.BodyAround(caught).KafkaCalls.FirstOrDefault(call => call.TargetMethod.Name is "Commit" or "StoreOffset" && caught.Syntax.Span.Contains(call.Syntax.Span)) ?? options.CommitMethods.In(caught).FirstOrDefault(),
        flow);

    /// <summary>Whether what is attempted takes the record, or works on it.</summary>
    private static bool IsAboutRecord(ITryOperation attempt, IInvocationOperation consume, CompilationFlow flow)
    {
        if (attempt.Body.Syntax.Span.Contains(consume.Syntax.Span) || Use.OfValue(consume) is not { Member: ILocalSymbol record })
            return true;

        var data = new Settlement(consume, record, consume.Function(), flow.BodyAround(consume)).Data();
        return Work.In(attempt.Body, flow).Any(call => Settlement.Mentions(call, data));
    }

    /// <summary>Whether a block ends the loop.</summary>
    private static bool Leaves(ICatchClauseOperation caught) =>
        caught.Handler.Descendants().Any(static one => one is IReturnOperation { IsImplicit: false } or IBranchOperation { BranchKind: BranchKind.Break or BranchKind.GoTo });
}
