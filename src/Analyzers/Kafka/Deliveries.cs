using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Kafka;

/// <summary>What becomes of deliveries that fail.</summary>
internal static class Deliveries
{
    /// <summary>Whether code around produces, and neither passes a delivery handler nor catches what an awaited delivery throws. What only builds a producer for others says nothing.</summary>
    public static bool AreUnhandled(KafkaUse use)
    {
        var any = false;
        foreach (var call in use.CodeAround().SelectMany(static body => body.KafkaCalls).Where(static one => KafkaTypes.IsProducer(one.TargetMethod)))
        {
            if (call.TargetMethod.Name == "Produce" && call.Argument("deliveryHandler") is { } handler && handler.Value.ConstantValue is not { HasValue: true, Value: null })
                return false;
            if (call.TargetMethod.Name == "ProduceAsync" && IsCaught(call))
                return false;
            any |= call.TargetMethod.Name is "Produce" or "ProduceAsync";
        }

        return any;
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
