using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;
using Reliability.Analyzers.Options;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1008: a handler that drops the failure of its work, and acknowledges the message all the same.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
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

    private protected override void Watch(CompilationStartAnalysisContext context, CompilationFlow flow)
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
    }

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
