using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>The deliveries of one local queue.</summary>
internal sealed class LocalSubscription : ISubscription
{
    private readonly OutboxIntake _intake;
    private readonly IOutboxTable _table;
    private readonly ILogger _log;
    private readonly Channel<Delivery> _deliveries = Channel.CreateUnbounded<Delivery>(new() { SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly QueueTurn? _turn;
    private readonly IDisposable _news;
    private readonly Task _claiming;
    private readonly Task _delivering;
    private readonly Task _turning;

    private bool _disposed;

    public LocalSubscription(OutboxIntake intake, IMessageStore store, QueueTurn? turn, TimeSpan poll, ILogger log)
    {
        (_intake, _table, _turn, _log) = (intake, store.Outbox, turn, log);
        _news = store.Listen(news =>
        {
            if (news.Transport == TransportNames.Local && (news.Route.Length == 0 || news.Route == intake.Route))
            {
                intake.Wake();
            }
        });
        _turning = turn?.RunAsync(poll, _stop.Token) ?? Task.CompletedTask;
        _claiming = intake.RunAsync(_stop.Token);
        _delivering = DeliverAsync();
    }

    public ChannelReader<Delivery> Deliveries => _deliveries.Reader;

    /// <summary>The rows are gone already where a handler's transaction took them; removing them again changes nothing.</summary>
    public async ValueTask SettleAsync(IReadOnlyList<Delivery> handled, CancellationToken cancellationToken)
    {
        var ids = Ids(handled);
        await _table.RemoveAsync(ids, audit: false, cancellationToken).ConfigureAwait(false);
        _intake.Release(ids);
    }

    /// <summary>Forgets rows that the handler's transaction has removed.</summary>
    public void Forget(IReadOnlyList<Delivery> handled) => _intake.Release(Ids(handled));

    public async ValueTask ReturnAsync(IReadOnlyList<Delivery> untried, CancellationToken cancellationToken)
    {
        var ids = Ids(untried);
        await _table.ReleaseAsync(ids, cancellationToken).ConfigureAwait(false);
        _intake.Release(ids);
        _intake.Wake();
    }

    public async ValueTask StopReceivingAsync(CancellationToken cancellationToken)
    {
        if (_claiming.IsCompleted)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await _claiming.ConfigureAwait(false);
        await _turning.ConfigureAwait(false);
        _intake.Close();
        await _delivering.ConfigureAwait(false);
    }

    /// <summary>Gives back what is neither settled nor returned, so that it need not wait for its lease to end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await StopReceivingAsync(CancellationToken.None).ConfigureAwait(false);
        _stop.Dispose();
        _news.Dispose();
        var unsettled = _intake.Held();
        try
        {
            if (unsettled.Count > 0)
            {
                await _table.ReleaseAsync(unsettled, CancellationToken.None).ConfigureAwait(false);
                _intake.Release(unsettled);
            }

            if (_turn is not null)
            {
                await _turn.LeaveAsync().ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // The store is away: their leases end by themselves.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _log.NotSettled(unsettled.Count, _intake.Route ?? "", error);
        }
    }

    private async Task DeliverAsync()
    {
        await foreach (var row in _intake.Rows.ReadAllAsync().ConfigureAwait(false))
        {
            _deliveries.Writer.TryWrite(new LocalDelivery(row));
        }

        _deliveries.Writer.Complete();
    }

    private static List<long> Ids(IReadOnlyList<Delivery> deliveries)
    {
        var ids = new List<long>(deliveries.Count);
        for (var index = 0; index < deliveries.Count; index++)
        {
            ids.Add(((LocalDelivery)deliveries[index]).RowId);
        }

        return ids;
    }
}
