using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Kafka;

/// <summary>What becomes of deliveries that fail.</summary>
internal static class Deliveries
{
    /// <summary>Whether code around passes a delivery handler, or catches what an awaited delivery throws.</summary>
    public static bool AreHandled(KafkaUse use)
    {
        foreach (var call in use.CodeAround().SelectMany(static body => body.KafkaCalls).Where(static one => KafkaTypes.IsProducer(one.TargetMethod)))
        {
            if (call.TargetMethod.Name == "Produce" && call.Argument("deliveryHandler") is { } handler && handler.Value.ConstantValue is not { HasValue: true, Value: null })
                return true;
            if (call.TargetMethod.Name == "ProduceAsync" && IsCaught(call))
                return true;
        }

        return false;
    }

    private static bool IsCaught(IInvocationOperation call)
    {
        for (var outer = call.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is ITryOperation { Catches.IsEmpty: false } attempt && attempt.Body.Syntax.Span.Contains(call.Syntax.Span))
                return true;
        }

        return false;
    }
}
