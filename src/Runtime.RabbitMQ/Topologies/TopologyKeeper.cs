using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Reliability;

/// <summary>
/// Brings about everything that this process receives from and sends to, on each new connection. What the broker refuses is said in the log and tried
/// again, with growing pauses, until an operator has mended it; the rest works meanwhile.
/// </summary>
internal sealed class TopologyKeeper(Topology topology, TopologyDeclarer declarer, RabbitMqOptions options, TimeProvider time, ILogger log)
{
    private readonly IReadOnlyList<string> _exchanges =
        [.. topology.Routes.Select(RabbitMqRoute.Parse).Where(route => !route.IsQueue).Select(route => route.Exchange).Concat(options.Bindings.Select(binding => binding.Exchange)).Distinct()];

    private readonly IReadOnlyList<string> _queues =
        [.. topology.Routes.Select(RabbitMqRoute.Parse).Where(route => route.IsQueue).Select(route => route.RoutingKey).Concat(topology.Sources).Distinct()];

    private readonly Complaints _complaints = new();

    /// <summary>One round over everything; what is refused is left to a loop that ends with the connection.</summary>
    public async Task EnsureAsync(IConnection connection, CancellationToken cancellationToken)
    {
        var pieces = _exchanges.Select(exchange => (Func<Task>)(() => declarer.EnsureExchangeAsync(connection, exchange, cancellationToken)))
            .Concat(_queues.Select(queue => (Func<Task>)(() => declarer.EnsureQueueAsync(connection, queue, cancellationToken))));
        var refused = await TryAsync(connection, pieces, cancellationToken).ConfigureAwait(false);
        if (refused.Count > 0)
        {
            _ = Task.Run(() => KeepTryingAsync(connection, refused, cancellationToken), CancellationToken.None);
        }
    }

    private async Task KeepTryingAsync(IConnection connection, List<Func<Task>> refused, CancellationToken cancellationToken)
    {
        try
        {
            while (refused.Count > 0)
            {
                await Task.Delay(Pause(), time, cancellationToken).ConfigureAwait(false);
                refused = await TryAsync(connection, refused, cancellationToken).ConfigureAwait(false);
            }

            _complaints.Clear();
            log.TopologyMended();
        }
#pragma warning disable CA1031 // The connection is gone, or we stop; the next connection begins anew.
        catch (Exception error) when (!connection.IsOpen || cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            log.TopologyTryEnded(error);
        }
    }

    private async Task<List<Func<Task>>> TryAsync(IConnection connection, IEnumerable<Func<Task>> pieces, CancellationToken cancellationToken)
    {
        var refused = new List<Func<Task>>();
        var reasons = new List<string>();
        foreach (var piece in pieces)
        {
            try
            {
                await piece().ConfigureAwait(false);
            }
            catch (TopologyException refusal)
            {
                refused.Add(piece);
                reasons.Add(refusal.Message);
            }
#pragma warning disable CA1031 // One queue that does not answer, such as one without a leader, must not keep the connection from the others.
            catch (Exception error) when (connection.IsOpen && !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                refused.Add(piece);
                reasons.Add($"a queue or exchange could not be declared: {error.GetType().Name}: {ConnectFailure.WithoutStop(error.Message)}. Look at the queues' state (rabbitmqctl list_queues name type state leader)");
            }
        }

        if (reasons.Count > 0 && _complaints.Add(string.Join("; ", reasons)))
        {
            reasons.ForEach(reason => log.TopologyWrong(reason, Pause()));
        }

        return refused;
    }

    private TimeSpan Pause() => Backoff.Pause(options.FirstReconnectPause, options.LongestReconnectPause, Math.Max(1, _complaints.Failures));
}
