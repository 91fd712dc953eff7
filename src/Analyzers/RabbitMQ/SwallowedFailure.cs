using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;
using Reliability.Analyzers.Options;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1008: a handler that drops the failure of its work, and acknowledges the message all the same.</summary>
public sealed class SwallowedFailure : MessagingAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.SwallowedFailure,
        Rules.RabbitMqConsuming,
        "A message whose work failed is acknowledged",
        "{0}: the broker forgets the message, and what it asked for is never done",
        "When the work fails the message must stay: let the exception go, nack or reject the message, or write it to a place where it is found again. Catching everything and acknowledging, and an ack in a finally block, lose it.");

    /// <summary>Creates the rule.</summary>
    public SwallowedFailure()
        : base(Rule)
    {
    }

    internal override void Watch(RuleRegistration context, CompilationFlow flow)
    {
        if (flow.Types.RabbitMq6 is not null || flow.Types.RabbitMq7 is not null)
            context.RegisterOperationAction(operation => Judge((ITryOperation)operation.Operation, flow, RuleOptions.For(operation.Operation.Syntax.SyntaxTree, operation.Options), operation.ReportDiagnostic), OperationKind.Try);
    }

    private static void Judge(ITryOperation attempt, CompilationFlow flow, RuleOptions options, Action<Diagnostic> report)
    {
        var function = attempt.Function();
        var reported = new HashSet<IOperation>();
        foreach (var (ack, client) in Acks(flow.BodyAround(attempt), flow, options))
        {
            if (!ReferenceEquals(ack.Function(), function) || Settlement.Of(ack, flow) is not { } settlement)
                continue;

            if (SwallowedFailures.FinallyAround(settlement, flow) is { } around)
            {
                if (ReferenceEquals(around, attempt))
                    Report(ack.NameLocation(), ack, client, report, "The message is acknowledged in a finally block, also when its work has thrown");
                continue;
            }

            foreach (var caught in SwallowedFailures.Before(settlement, flow))
            {
                if (attempt.Catches.Contains(caught) && reported.Add(caught) && caught.Syntax is CatchClauseSyntax clause)
                    Report(clause.CatchKeyword.GetLocation(), ack, client, report, "Every exception is caught and dropped here, and the message is acknowledged");
            }
        }

        JudgeMethod(attempt, function, reported, flow, options, report);
    }

    /// <summary>A method that drops its failure, called by a handler that then acknowledges.</summary>
    private static void JudgeMethod(ITryOperation attempt, IOperation function, HashSet<IOperation> reported, CompilationFlow flow, RuleOptions options, Action<Diagnostic> report)
    {
        if (options.AckMethods.IsEmpty && !SwallowingMethods.IsNear(attempt, "BasicAck"))
            return;

        var swallowing = SwallowingMethods.Swallowing(attempt, flow).Where(caught => !reported.Contains(caught)).ToList();
        if (swallowing.Count == 0 || flow.BodyAround(attempt).ClientCalls.Any(one => ReferenceEquals(one.Function(), function) && Settles(one, flow)) || SwallowingMethods.SettledByCaller(attempt, flow, use => AckAfter(use, flow, options)) is not { } ack)
            return;

        foreach (var caught in swallowing)
        {
            if (caught.Syntax is CatchClauseSyntax clause && (flow.Types.ClientOf(ack.TargetMethod) ?? flow.Types.RabbitMq7 ?? flow.Types.RabbitMq6) is { } client)
                Report(clause.CatchKeyword.GetLocation(), ack, client, report, "Every exception is caught and dropped here, and the handler that calls this goes on to acknowledge the message");
        }
    }

    /// <summary>The ack that surely follows a call that works on the same delivery.</summary>
    private static IInvocationOperation? AckAfter(IInvocationOperation use, CompilationFlow flow, RuleOptions options)
    {
        var function = use.Function();
        var body = flow.BodyAround(use);
        var work = body.Function(use.TargetMethod) ?? use;
        return Acks(body, flow, options).Select(static one => one.Ack).FirstOrDefault(ack => ack.Syntax.SpanStart > use.Syntax.Span.End && ReferenceEquals(ack.Function(), function)
            && IsOnSamePath(use, ack, function) && Settlement.Of(ack, flow) is { } settlement && (Settlement.Mentions(use, settlement.Data()) || Settlement.Mentions(work, settlement.Data())));
    }

    private static bool IsOnSamePath(IOperation use, IOperation ack, IOperation function)
    {
        for (var outer = ack.Parent; outer is not null && !ReferenceEquals(outer, function); outer = outer.Parent)
        {
            if (outer is IConditionalOperation or ISwitchOperation or ISwitchCaseOperation or ILoopOperation or ICatchClauseOperation && !outer.Syntax.Span.Contains(use.Syntax.Span))
                return false;
        }

        return true;
    }

    private static bool Settles(IInvocationOperation call, CompilationFlow flow) =>
        flow.Types.ClientOf(call.TargetMethod)?.VerbOf(call) is ChannelVerb.Ack or ChannelVerb.Nack or ChannelVerb.Reject;

    /// <summary>The client's acks, and the project's own.</summary>
    private static IEnumerable<(IInvocationOperation Ack, RabbitMqTypes Client)> Acks(Body body, CompilationFlow flow, RuleOptions options)
    {
        foreach (var call in body.ClientCalls)
        {
            if (flow.Types.ClientOf(call.TargetMethod) is { } client && client.VerbOf(call) == ChannelVerb.Ack)
                yield return (call, client);
        }

        foreach (var call in options.AckMethods.In(body.Root))
            yield return (call, (flow.Types.RabbitMq7 ?? flow.Types.RabbitMq6)!);
    }

    private static void Report(Location place, IInvocationOperation ack, RabbitMqTypes client, Action<Diagnostic> report, string says)
    {
        var properties = ImmutableDictionary<string, string?>.Empty.Add(DiagnosticKeys.Client, client.Key).Add(DiagnosticKeys.Cause, DiagnosticKeys.CauseWritten);
        report(Diagnostic.Create(Rule, place, new[] { ack.Syntax.GetLocation() }, properties, says));
    }
}
