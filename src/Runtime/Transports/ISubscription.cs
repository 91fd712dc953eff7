using System.Threading.Channels;

namespace Reliability;

/// <summary>Deliveries of one source. One reader reads them; settling may run beside it.</summary>
public interface ISubscription : IAsyncDisposable
{
    /// <summary>
    /// The deliveries, in the broker's order. Bounded by the prefetch. Completes only after <see cref="StopReceivingAsync"/>; never with an error.
    /// </summary>
    ChannelReader<Delivery> Deliveries { get; }

    /// <summary>
    /// Tells the broker that these are done: acks, or offsets. Called only after the commit that makes it true. A delivery that the broker has taken
    /// back meanwhile (its connection was lost) is passed over: it comes again, and the inbox knows it.
    /// </summary>
    ValueTask SettleAsync(IReadOnlyList<Delivery> handled, CancellationToken cancellationToken);

    /// <summary>Gives back deliveries that were not tried, so that they come again here or elsewhere.</summary>
    ValueTask ReturnAsync(IReadOnlyList<Delivery> untried, CancellationToken cancellationToken);

    /// <summary>Asks the broker for no more. What is already buffered can still be read; then <see cref="Deliveries"/> completes.</summary>
    ValueTask StopReceivingAsync(CancellationToken cancellationToken);
}
