using RabbitMQ.Client;

namespace Reliability;

/// <summary>
/// Looks once per connection whether an exchange is there before anything is published to it: a missing one closes the channel, and the confirms of
/// everyone else on it are lost with it.
/// </summary>
internal sealed class ExchangeChecks(TimeProvider time)
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);

    private readonly HashSet<string> _found = [];
    private readonly Dictionary<string, (string Reason, long At)> _missing = [];
    private IConnection? _connection;

    /// <summary>Forgets what was found: an exchange was deleted meanwhile.</summary>
    public void Clear()
    {
        _found.Clear();
        _missing.Clear();
    }

    /// <summary>Why nothing can be published to it; null where it is there.</summary>
    public ValueTask<string?> FindAsync(IConnection connection, string exchange, CancellationToken cancellationToken)
    {
        if (!ReferenceEquals(connection, _connection))
        {
            _connection = connection;
            Clear();
        }

        if (exchange.Length == 0 || _found.Contains(exchange))
        {
            return ValueTask.FromResult<string?>(null);
        }

        return _missing.TryGetValue(exchange, out var missing) && time.GetElapsedTime(missing.At) < AskAgainAfter
            ? ValueTask.FromResult<string?>(missing.Reason)
            : AskAsync(connection, exchange, cancellationToken);
    }

    private async ValueTask<string?> AskAsync(IConnection connection, string exchange, CancellationToken cancellationToken)
    {
        try
        {
            await TopologyDeclarer.FindExchangeAsync(connection, exchange, cancellationToken).ConfigureAwait(false);
            _missing.Remove(exchange);
            _found.Add(exchange);
            return null;
        }
        catch (TopologyException refusal)
        {
            _missing[exchange] = (refusal.Message, time.GetTimestamp());
            return refusal.Message;
        }
    }
}
