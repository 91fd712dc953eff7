using System.Threading.Channels;

namespace Reliability;

/// <summary>The deliveries of one local queue.</summary>
internal sealed class LocalSubscription : ISubscription
{
    private readonly OutboxIntake _intake;
    private readonly IOutboxTable _table;
    private readonly Channel<Delivery> _deliveries = Channel.CreateUnbounded<Delivery>(new() { SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _claiming;
    private readonly Task _delivering;

    public LocalSubscription(OutboxIntake intake, IOutboxTable table)
    {
        _intake = intake;
        _table = table;
        _claiming = intake.RunAsync(_stop.Token);
        _delivering = DeliverAsync();
    }

    public ChannelReader<Delivery> Deliveries => _deliveries.Reader;

    /// <summary>The rows are gone already where a handler's transaction took them; removing them again changes nothing.</summary>
    public async ValueTask SettleAsync(IReadOnlyList<Delivery> handled, CancellationToken cancellationToken)
    {
        var ids = Ids(handled);
        await _table.RemoveAsync(ids, cancellationToken).ConfigureAwait(false);
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
        if (!_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync().ConfigureAwait(false);
        }

        await _claiming.ConfigureAwait(false);
        _intake.Close();
        await _delivering.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopReceivingAsync(CancellationToken.None).ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task DeliverAsync()
    {
        await foreach (var row in _intake.Rows.ReadAllAsync().ConfigureAwait(false))
        {
            _deliveries.Writer.TryWrite(new LocalDelivery(row));
        }

        _deliveries.Writer.Complete();
    }

    private static List<long> Ids(IReadOnlyList<Delivery> deliveries) => [.. deliveries.Cast<LocalDelivery>().Select(delivery => delivery.RowId)];
}
