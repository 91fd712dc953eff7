using Microsoft.CodeAnalysis;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1104: queue arguments that make the broker throw messages away.</summary>
public sealed class LossyQueueArguments : RabbitMqAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.LossyQueueArguments,
        Rules.RabbitMqTopology,
        "The broker throws messages of this queue away",
        "'{0}' without {1}: {2}",
        "A message that outlives x-message-ttl, or that x-max-length pushes out, is dropped without a trace unless the queue has a dead-letter exchange; x-expires deletes the queue with all that is in it. "
        + "A length limit can refuse new messages instead, by x-overflow: reject-publish: then the publisher's confirm says so.");

    /// <summary>Creates the rule.</summary>
    public LossyQueueArguments()
        : base(Rule)
    {
    }

    private protected override void Judge(ChannelCall call)
    {
        if (call.Verb != ChannelVerb.DeclareQueue || call.Argument("arguments") is not { } arguments || !call.IsFalse("passive") || !call.IsFalse("exclusive") || call.Text("queue") is "")
            return;

        // A stream's limits are how much history it keeps; they drop what was read long ago.
        var settings = new QueueSettings(call);
        if (settings.Has(QueueSettings.QueueType) is null || settings.Text(QueueSettings.QueueType) == "stream")
            return;

        foreach (var key in new[] { "x-message-ttl", "x-max-length", "x-max-length-bytes", "x-expires" })
        {
            if (settings.At(key) is not { IsKnown: true } set || set.InOrder().FirstOrDefault(static one => one.Kind == OutcomeKind.Set) is not { Site: { } site } || IsHarmless(settings, key))
                continue;

            var (without, lost) = key switch
            {
                "x-message-ttl" => ("'x-dead-letter-exchange'", "a message that waits longer than that, while consumers are slow or away, is thrown away"),
                "x-expires" => ("a consumer", "the queue is deleted, with every message in it, when nobody has consumed from it for that long"),
                _ => ("'x-dead-letter-exchange' or 'x-overflow: reject-publish'", "when the queue is full the oldest messages are thrown away, although their publishers were told that they are safe"),
            };
            var finding = settings.Has(key) == true ? Finding.Always : Finding.Sometimes;
            call.Report(Rule, call.Invocation.Place(arguments), DiagnosticKeys.CauseWritten, key, finding, new[] { site.Syntax.GetLocation() }, key, without, lost);
            return;
        }
    }

    private static bool IsHarmless(QueueSettings settings, string key) => key switch
    {
        "x-expires" => false,
        "x-message-ttl" => settings.Has(QueueSettings.DeadLetterExchange) is not false,
        _ => settings.Has(QueueSettings.DeadLetterExchange) is not false || settings.Has("x-overflow") is not false && settings.Text("x-overflow") is not "drop-head",
    };
}
