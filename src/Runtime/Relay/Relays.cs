using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>The lanes of this process: one for each transport that is not the store itself. Relays of several processes share a store.</summary>
internal sealed class Relays(
    IMessageStore store, HandlerCatalog catalog, OutboxIntakes intakes, ReliabilityOptions options, TimeProvider time, ILoggerFactory logs, RelayObserver? observer = null)
{
    /// <summary>How long a store may hold up a host that stops with what is only a courtesy to others: leases end by themselves.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lease _lease = new($"relay-{Guid.NewGuid():N}", options.Relay.Lease);
    private readonly List<Lane> _lanes = [];

    /// <summary>Opens the lanes: from here on rows are kept for them.</summary>
    public void Open()
    {
        foreach (var transport in catalog.Transports.Where(transport => transport.Name != TransportNames.Local))
        {
            _lanes.Add(OpenLane(transport));
        }
    }

    /// <summary>Sends until <paramref name="stop"/>, then finishes what is in hand until <paramref name="abort"/>.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        using var news = store.Listen(intakes.Wake);
        await Task.WhenAll(_lanes.Select(lane => Task.Run(() => RunAsync(lane, stop, abort), CancellationToken.None))).ConfigureAwait(false);
    }

    private async Task RunAsync(Lane lane, CancellationToken stop, CancellationToken abort)
    {
        using var sent = new CancellationTokenSource();
        // Parts are kept until the last row of theirs is sent.
        var sharing = lane.Shares?.RunAsync(sent.Token) ?? Task.CompletedTask;
        await lane.Sending.RunAsync(stop, abort).ConfigureAwait(false);
        await sent.CancelAsync().ConfigureAwait(false);
        await sharing.ConfigureAwait(false);
        await LeaveAsync(lane).ConfigureAwait(false);
        lane.Sending.Dispose();
    }

    private async Task LeaveAsync(Lane lane)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            await lane.Intake.ReleaseGivenBackAsync(patience.Token).ConfigureAwait(false);
            if (lane.Shares is { } shares)
            {
                await shares.LeaveAsync(patience.Token).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // The store is away: the leases end by themselves.
        catch (Exception error)
#pragma warning restore CA1031
        {
            logs.CreateLogger<RelayLane>().NotGivenBack(lane.Intake.Transport, error);
        }
    }

    private Lane OpenLane(ITransport transport)
    {
        var log = logs.CreateLogger<RelayLane>();
        var relay = options.Relay;
        var shares = relay.OrderPerKey && !store.IsExclusive ? new RelayShares(store.Leases, $"relay/{transport.Name}", _lease, time, log) : null;
        // Several windows: what waits for its confirm, what is being written down, and enough to go on with while the store is asked for more.
        var intake = new OutboxIntake(store.Outbox, transport.Name, route: null, relay.Window * 4, _lease, relay.PollInterval, time, log)
        {
            IdlePoll = relay.IdlePollInterval,
            CapacityBytes = relay.MemoryLimit,
            LargestBody = transport.MaxBodyBytes,
            Parts = relay.OrderPerKey ? shares ?? (IOrderParts)AllParts.Instance : null,
        };
        if (shares is not null)
        {
            shares.Gained = intake.Wake;
        }

        intakes.Add(intake);
        return new Lane(intake, shares, new RelayLane(transport, store, intake, options, observer ?? RelayObserver.None, time, log));
    }

    private sealed record Lane(OutboxIntake Intake, RelayShares? Shares, RelayLane Sending);
}
