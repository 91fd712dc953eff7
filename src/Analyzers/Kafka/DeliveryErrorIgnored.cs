using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.Kafka;

/// <summary>REL2106: a failed delivery that is reported to code which does not look.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DeliveryErrorIgnored : KafkaAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.DeliveryErrorIgnored,
        Rules.KafkaProducing,
        "The delivery error is not looked at",
        "{0}: a record that was not delivered counts as delivered",
        "A delivery handler is called for failed deliveries too: look at report.Error. A ProduceException says that the record was not delivered: send it again, keep it, or let the exception go on.");

    /// <summary>Creates the rule.</summary>
    public DeliveryErrorIgnored()
        : base(Rule)
    {
    }

    private protected override void JudgeCall(KafkaUse use)
    {
        if (use.IsOnProducer && use.Name == "Produce" && use.Call.Argument("deliveryHandler")?.Value is { } handler && HandlerIn(handler, use.Flow) is (var code, var report) && !LooksAt(code, report))
            use.Report(handler.Syntax.GetLocation(), DiagnosticKeys.CauseWritten, null, Finding.Always, Enumerable.Empty<Location?>(), "This delivery handler never looks at Error or Status");
        else if (use.IsOnProducer && use.Name == "ProduceAsync" && DroppingCatch(use.Call) is { Syntax: CatchClauseSyntax clause } caught)
        {
            // Somebody reads the log, perhaps: whoever called believes that the record was sent.
            var isLogged = caught.Handler.Descendants().Any(static one => one is IInvocationOperation);
            use.Report(
                use.Call.NameLocation(), DiagnosticKeys.CauseWritten, "catch", Finding.Always, new[] { clause.CatchKeyword.GetLocation() }, isLogged ? DiagnosticSeverity.Info : Rule.DefaultSeverity,
                isLogged ? "The ProduceException of this call is only logged, and the code goes on" : "The ProduceException of this call is caught and dropped");
        }
    }

    private static (IOperation Code, IParameterSymbol Report)? HandlerIn(IOperation handler, CompilationFlow flow) => (handler.Unwrap() as IDelegateCreationOperation)?.Target switch
    {
        IAnonymousFunctionOperation { Symbol.Parameters: { Length: 1 } parameters } lambda => (lambda.Body, parameters[0]),
        IMethodReferenceOperation { Method: { MethodKind: MethodKind.Ordinary, IsVirtual: false, IsAbstract: false, Parameters.Length: 1 } method } when flow.BodyOf(method.OriginalDefinition) is { } body =>
            (body.Root, method.OriginalDefinition.Parameters[0]),
        _ => null,
    };

    /// <summary>Whether code reads the outcome, or hands the report to somebody who may.</summary>
    private static bool LooksAt(IOperation code, IParameterSymbol report) => code.Descendants().Any(one =>
        one is IParameterReferenceOperation { Parameter: { } parameter } && SymbolEqualityComparer.Default.Equals(parameter, report)
        && one.Parent is not IMemberReferenceOperation { Member.Name: not ("Error" or "Status") });

    /// <summary>A catch block around a call that takes its ProduceException, does nothing but log, and goes on with neither an answer nor another try.</summary>
    private static ICatchClauseOperation? DroppingCatch(IInvocationOperation call)
    {
        for (var outer = call.Parent; outer is not null and not (IAnonymousFunctionOperation or ILocalFunctionOperation); outer = outer.Parent)
        {
            if (outer is ITryOperation attempt && attempt.Body.Syntax.Span.Contains(call.Syntax.Span)
                && attempt.Catches.FirstOrDefault(static one => one.Filter is null && one.ExceptionType?.Name is "ProduceException" or "KafkaException" or "Exception" or "Object") is { } caught)
            {
                return SwallowedFailures.OnlyLooks(caught.Handler) && !Answers(caught) && !Remembers(attempt) && !TriesAgain(attempt) ? caught : null;
            }
        }

        return null;
    }

    /// <summary>Whether a catch block tells its caller, or leaves what it is in.</summary>
    private static bool Answers(ICatchClauseOperation caught) => caught.Handler.Descendants().Any(static one => one is IReturnOperation { ReturnedValue: not null } or IBranchOperation);

    /// <summary>Whether an attempt notes outside of itself that it went well.</summary>
    private static bool Remembers(ITryOperation attempt) => attempt.Body.Descendants().Any(one =>
        one is IAssignmentOperation { Target: var target } && !(target is IDiscardOperation or IMemberReferenceOperation { Member: IPropertySymbol } || (target.Symbol() is ILocalSymbol { DeclaringSyntaxReferences: var declared } && declared.Any(place => attempt.Body.Syntax.Span.Contains(place.Span)))));

    /// <summary>Whether a loop around an attempt goes on until it succeeds.</summary>
    private static bool TriesAgain(ITryOperation attempt)
    {
        for (var outer = attempt.Parent; outer is not null and not (IAnonymousFunctionOperation or ILocalFunctionOperation); outer = outer.Parent)
        {
            if (outer is ILoopOperation)
                return attempt.Body.Descendants().Any(static one => one is IReturnOperation or IBranchOperation { BranchKind: BranchKind.Break });
        }

        return false;
    }
}
