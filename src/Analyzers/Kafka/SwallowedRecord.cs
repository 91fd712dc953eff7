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
[DiagnosticAnalyzer(LanguageNames.CSharp)]
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

    private protected override void Watch(CompilationStartAnalysisContext context, CompilationFlow flow)
    {
        if (flow.Types.Kafka is not null)
            context.RegisterOperationAction(operation => Judge((ITryOperation)operation.Operation, flow, RuleOptions.For(operation.Operation.Syntax.SyntaxTree, operation.Options), operation.ReportDiagnostic), OperationKind.Try);
    }

    private static void Judge(ITryOperation attempt, CompilationFlow flow, RuleOptions options, Action<Diagnostic> report)
    {
        if (attempt.Catches.IsEmpty)
            return;

        if (LoopAround(attempt) is not { } loop || !flow.BodyAround(attempt).KafkaCalls.Any(one => one.TargetMethod.Name == "Consume" && loop.Syntax.Span.Contains(one.Syntax.Span)))
        {
            JudgeMethod(attempt, flow, options, report);
            return;
        }

        var calls = flow.BodyAround(attempt).KafkaCalls.Where(one => loop.Syntax.Span.Contains(one.Syntax.Span)).ToList();
        if ((calls.FirstOrDefault(static one => one.TargetMethod.Name is "Commit" or "StoreOffset") ?? options.CommitMethods.In(loop).FirstOrDefault()) is not { } commit
            || !Work.In(attempt.Body, flow).Any())
        {
            return;
        }

        foreach (var caught in attempt.Catches)
        {
            if (SwallowedFailures.Drops(caught, commit, flow) && !Leaves(caught))
                Report(caught, commit, report, "the loop goes on");
        }
    }

    /// <summary>A method that drops its failure, called by a loop that then commits.</summary>
    private static void JudgeMethod(ITryOperation attempt, CompilationFlow flow, RuleOptions options, Action<Diagnostic> report)
    {
        var swallowing = SwallowingMethods.Swallowing(attempt, flow).ToList();
        if (swallowing.Count == 0)
            return;

        var function = attempt.Function();
        var own = flow.BodyAround(attempt).KafkaCalls.FirstOrDefault(one => one.TargetMethod.Name is "Commit" or "StoreOffset" && ReferenceEquals(one.Function(), function));
        if (SwallowingMethods.SettledByCaller(attempt, flow, use => CommitAround(use, own, flow, options)) is not { } commit)
            return;

        foreach (var caught in swallowing)
            Report(caught, commit, report, "the loop that calls this goes on");
    }

    /// <summary>The commit of a loop that consumes a record and hands it to a call, or of the called method itself: that of a later record covers this one.</summary>
    private static IInvocationOperation? CommitAround(IInvocationOperation use, IInvocationOperation? own, CompilationFlow flow, RuleOptions options)
    {
        if (LoopAround(use) is not { } loop)
            return null;

        var calls = flow.BodyAround(use).KafkaCalls.Where(one => loop.Syntax.Span.Contains(one.Syntax.Span)).ToList();
        if (!calls.Any(static one => one.TargetMethod.Name == "Consume"))
            return null;

        return calls.FirstOrDefault(one => one.TargetMethod.Name is "Commit" or "StoreOffset" && Settlement.OfOffset(one, flow) is { } settlement && Settlement.Mentions(use, settlement.Data()))
            ?? options.CommitMethods.In(loop).FirstOrDefault()
            ?? (use.Arguments.Any(static one => one.DescendantsAndSelf().Any(static part => part is ILocalReferenceOperation { Local.Type.Name: "ConsumeResult" })) ? own : null);
    }

    private static void Report(ICatchClauseOperation caught, IInvocationOperation commit, Action<Diagnostic> report, string then)
    {
        if (caught.Syntax is not CatchClauseSyntax clause)
            return;

        var properties = ImmutableDictionary<string, string?>.Empty.Add(DiagnosticKeys.Client, DiagnosticKeys.ClientKafka).Add(DiagnosticKeys.Cause, DiagnosticKeys.CauseWritten);
        report(Diagnostic.Create(Rule, clause.CatchKeyword.GetLocation(), new[] { commit.Syntax.GetLocation() }, properties, then));
    }

    /// <summary>Whether a block ends the loop.</summary>
    private static bool Leaves(ICatchClauseOperation caught) =>
        caught.Handler.Descendants().Any(static one => one is IReturnOperation { IsImplicit: false } or IBranchOperation { BranchKind: BranchKind.Break or BranchKind.GoTo });

    private static ILoopOperation? LoopAround(IOperation attempt)
    {
        for (var outer = attempt.Parent; outer is not null and not (IAnonymousFunctionOperation or ILocalFunctionOperation); outer = outer.Parent)
        {
            if (outer is ILoopOperation loop)
                return loop;
        }

        return null;
    }
}
