using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>Version 7 settles where a channel is created whether its publishes are confirmed, and whether the client waits for that.</summary>
internal static class ConfirmOptions
{
    public const string Enabled = "publisherConfirmationsEnabled";
    public const string Tracked = "publisherConfirmationTrackingEnabled";

    /// <summary>Whether one creation of a channel leaves a switch off; null where that cannot be known.</summary>
    public static Verdict? LeaveOff(IInvocationOperation creation, string flag, CompilationFlow flow)
    {
        if (creation.Argument("options") is not { } options)
            return null;

        var outcomes = Tracer.At(options.Value, ItsOrigin.Instance, flow);
        var isKnown = outcomes.IsKnown;
        var verdict = ValueResolver.Judge(outcomes, outcome =>
        {
            var isOff = IsOff(outcome.Value, flag, flow);
            isKnown &= isOff is not null;
            return isOff;
        });
        return isKnown ? verdict : null;
    }

    /// <summary>Whether a switch is known to be off, on every path, wherever a channel is created.</summary>
    public static bool AreOff(ChannelFacts channel, string flag, CompilationFlow flow) =>
        channel.Creations.All(creation => LeaveOff(creation, flag, flow) is { Finding: Finding.Always });

    private static bool? IsOff(IOperation? options, string flag, CompilationFlow flow) => options switch
    {
        { ConstantValue: { HasValue: true, Value: null } } or IDefaultValueOperation => true,
        IObjectCreationOperation made when made.Argument(flag) is { } given => flow.Constant(given.Value) is { HasValue: true, Value: bool on } ? !on : null,
        _ => null,
    };
}
