using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1003: a consumer that acks by hand, and never does.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NeverSettled : RabbitMqAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.NeverSettled,
        Rules.RabbitMqConsuming,
        "Deliveries are never settled",
        "This consumer acknowledges by hand, but its handler never acks, nacks or rejects: the broker keeps every message as unacknowledged, stops sending when the prefetch limit is reached, and delivers all of them again when the process stops",
        "With autoAck: false every delivery must be settled. Acknowledge it as the last step of the handler, and nack or reject it when the work has failed.");

    /// <summary>Creates the rule.</summary>
    public NeverSettled()
        : base(Rule)
    {
    }

    private protected override void Judge(ChannelCall call)
    {
        if (call.Verb != ChannelVerb.Consume || !call.IsTrueOrFalse("autoAck", wanted: false) || call.Argument("consumer") is not { } consumer)
            return;

        if (Subscriptions.HandlersOf(consumer.Value, call.Flow) is { Count: > 0 } handlers && handlers.All(handler => !Settles(handler, call) && !handler.HandsOn() && !AlwaysThrows(handler.Function)))
            call.Report(Rule, call.Invocation.NameLocation(), DiagnosticKeys.CauseMissing, null, Finding.Always, handlers.Select(static one => one.Function.Syntax.GetLocation()));
    }

    private static bool Settles(Handler handler, ChannelCall call) => handler.Function.Descendants().OfType<IInvocationOperation>()
        .Any(one => call.Client.VerbOf(one) is ChannelVerb.Ack or ChannelVerb.Nack or ChannelVerb.Reject || call.Options.AckMethods.Contains(one.TargetMethod));

    /// <summary>A handler that is not written yet has no end at which to acknowledge.</summary>
    private static bool AlwaysThrows(IOperation function)
    {
        var block = function switch
        {
            IAnonymousFunctionOperation lambda => lambda.Body,
            ILocalFunctionOperation local => local.Body,
            IMethodBodyOperation method => method.BlockBody ?? method.ExpressionBody,
            _ => null,
        };
        return block is { Operations: { Length: > 0 } statements } && statements.LastOrDefault(static one => !one.IsImplicit) is IThrowOperation or IExpressionStatementOperation { Operation: IThrowOperation };
    }
}
