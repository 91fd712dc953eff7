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
        "Every exception is caught and dropped here, and the loop goes on to commit: the offset moves past the record whose work failed, and it is never read again",
        "A committed offset covers every record before it, failed ones too. On failure seek back, write the record to a retry or dead-letter topic, or let the exception end the loop.");

    /// <summary>Creates the rule.</summary>
    public SwallowedRecord()
        : base(Rule)
    {
    }

    private protected override void Watch(CompilationStartAnalysisContext context, CompilationFlow flow)
    {
        if (flow.Types.Kafka is not null)
            context.RegisterOperationAction(operation => Judge((ITryOperation)operation.Operation, flow, operation.Options, operation.ReportDiagnostic), OperationKind.Try);
    }

    private static void Judge(ITryOperation attempt, CompilationFlow flow, AnalyzerOptions options, Action<Diagnostic> report)
    {
        if (attempt.Catches.IsEmpty || LoopAround(attempt) is not { } loop)
            return;

        var calls = flow.BodyAround(attempt).KafkaCalls.Where(one => loop.Syntax.Span.Contains(one.Syntax.Span)).ToList();
        if (!calls.Any(static one => one.TargetMethod.Name == "Consume") || (calls.FirstOrDefault(static one => one.TargetMethod.Name is "Commit" or "StoreOffset") ?? RuleOptions.For(attempt.Syntax.SyntaxTree, options).CommitMethods.In(loop).FirstOrDefault()) is not { } commit
            || !Work.In(attempt.Body, flow).Any())
        {
            return;
        }

        foreach (var caught in attempt.Catches)
        {
            if (!SwallowedFailures.Drops(caught, commit, flow) || Leaves(caught) || caught.Syntax is not CatchClauseSyntax clause)
                continue;

            var properties = ImmutableDictionary<string, string?>.Empty.Add(DiagnosticKeys.Client, DiagnosticKeys.ClientKafka).Add(DiagnosticKeys.Cause, DiagnosticKeys.CauseWritten);
            report(Diagnostic.Create(Rule, clause.CatchKeyword.GetLocation(), new[] { commit.Syntax.GetLocation() }, properties));
        }
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
