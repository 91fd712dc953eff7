using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>The <c>arguments</c> of one queue declaration, by their keys.</summary>
internal sealed class QueueSettings
{
    public const string QueueType = "x-queue-type";
    public const string DeadLetterExchange = "x-dead-letter-exchange";
    public const string DeadLetterRoutingKey = "x-dead-letter-routing-key";
    public const string DeliveryLimit = "x-delivery-limit";

    private readonly CompilationFlow _flow;
    private readonly IArgumentOperation? _arguments;

    public QueueSettings(ChannelCall call)
        : this(call.Invocation, call.Flow)
    {
    }

    public QueueSettings(IInvocationOperation declaration, CompilationFlow flow)
    {
        _flow = flow;
        _arguments = declaration.Argument("arguments");
    }

    /// <summary>What a key may have been given.</summary>
    public Outcomes At(string key) => _arguments is null ? Outcomes.Unknown : Tracer.At(_arguments.Value, new DictionarySetting(_flow, key), _flow);

    /// <summary>Whether a key is set on every path (true) or on none (false); null where that cannot be known, or differs.</summary>
    public bool? Has(string key)
    {
        var outcomes = At(key);
        if (!outcomes.IsKnown)
            return null;

        var all = outcomes.InOrder();
        return all.All(static one => one.Kind == OutcomeKind.Set) ? true : all.All(static one => one.Kind == OutcomeKind.Unset) ? false : null;
    }

    /// <summary>The only text that a key may have, or null.</summary>
    public string? Text(string key) => Constant(key) as string;

    /// <summary>The only constant that a key may have, or null.</summary>
    public object? Constant(string key)
    {
        var outcomes = At(key);
        if (!outcomes.IsKnown)
            return null;

        var values = outcomes.InOrder().Select(one => one.Value is { } value && _flow.Constant(value) is { HasValue: true, Value: { } constant } ? constant : null).Distinct().ToList();
        return values.Count == 1 ? values[0] : null;
    }
}
