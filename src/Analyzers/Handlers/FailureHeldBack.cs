using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.Handlers;

/// <summary>REL4105: a handler that catches everything and ends as if all had gone well.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FailureHeldBack : HandlerAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.FailureHeldBack,
        Rules.Handlers,
        "The handler keeps its failure from the runtime",
        "Handler '{0}' catches every exception and ends as if it had done its work: the message is recorded as handled, what failed is never tried again, and what was half done is committed",
        "A handler that throws is rolled back and tried again, and its message becomes a dead letter after the last attempt. One that catches everything has handled its message. Let the exception go on.");

    /// <summary>Creates the rule.</summary>
    public FailureHeldBack()
        : base(Rule)
    {
    }

    private protected override void Judge(HandlerBody handler)
    {
        foreach (var attempt in handler.Body.Descendants().OfType<ITryOperation>().Where(one => ReferenceEquals(one.Function(), handler.Body.Function()) && Works(one.Body)))
        {
            foreach (var caught in attempt.Catches)
            {
                if (SwallowedFailures.Drops(caught) && !Answers(caught) && caught.Syntax is CatchClauseSyntax clause)
                    handler.Report(clause.CatchKeyword.GetLocation(), DiagnosticKeys.CauseWritten, null, handler.Name);
            }
        }
    }

    private static bool Works(IBlockOperation attempt) => attempt.Descendants().Any(static one => one is IInvocationOperation call && !Work.OnlyLooks(call.TargetMethod));

    /// <summary>Whether a block returns something, or tries again: a message that tells of the failure is an answer.</summary>
    private static bool Answers(ICatchClauseOperation caught) => caught.Handler.Descendants().Any(static one => one switch
    {
        IReturnOperation { ReturnedValue: { } value } => value.Unwrap() is not ({ ConstantValue: { HasValue: true, Value: null } } or IDefaultValueOperation) && !IsCompletedTask(value.Unwrap()),
        IBranchOperation { BranchKind: BranchKind.Continue or BranchKind.GoTo } => true,
        _ => false,
    });

    private static bool IsCompletedTask(IOperation value) => value is IMemberReferenceOperation { Member: { Name: "CompletedTask", ContainingType.Name: "Task" or "ValueTask" } };
}
