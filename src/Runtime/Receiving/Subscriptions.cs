using System.Collections.Frozen;
using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>The states of this process's subscriptions.</summary>
internal sealed class Subscriptions(HandlerCatalog catalog, TimeProvider time, ILogger<Subscriptions> log) : ISubscriptions
{
    private readonly FrozenDictionary<(string Transport, string Source), SourceState> _sources =
        catalog.Sources.ToFrozenDictionary(source => source, source => new SourceState(source.Transport, source.Source, time));

    public IReadOnlyList<SubscriptionStatus> List() =>
        [.. _sources.Values.Select(source => source.Status).OrderBy(status => status.Transport, StringComparer.Ordinal).ThenBy(status => status.Source, StringComparer.Ordinal)];

    public async Task ResumeAsync(string transport, string source, CancellationToken cancellationToken = default)
    {
        if (!_sources.TryGetValue((transport, source), out var state))
        {
            throw new ArgumentException($"No handler of this process receives from {transport} '{source}'.", nameof(source));
        }

        await state.ResumeAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public SourceState Of(string transport, string source) => _sources[(transport, source)];

    /// <summary>A handler stopped its source.</summary>
    public void Stop(SourceStopException stop)
    {
        var (message, handler) = (stop.At, stop.At.Handler!);
        if (Of(message.Transport, message.Delivery.Source).Stop(handler.Name, message.Delivery.Envelope.MessageId, ErrorText.Of(stop.Cause)))
        {
            log.SourceStopped(message.Transport, message.Delivery.Source, handler.Name, message.Delivery.Envelope.MessageId, stop.Cause);
        }
    }

    /// <summary>Handlers whose deferred messages may run: all their sources run.</summary>
    public IReadOnlyCollection<string> RunningConsumers()
    {
        foreach (var source in _sources.Values)
        {
            if (source.IsStopped)
            {
                return [.. catalog.Handlers.GroupBy(handler => handler.Name)
                    .Where(same => !same.Any(handler => Of(handler.Transport, handler.Source).IsStopped)).Select(same => same.Key)];
            }
        }

        return catalog.Consumers;
    }
}
