using System.Text.Json;
using System.Threading.Channels;

namespace Reliability.Tests.Receiving;

/// <summary>
/// A log of one part that a test writes, which delivers from where it was settled: as a broker's, but it settles, forgets that it was settled, and is made anew when a test
/// says so. It outlives the applications that read it.
/// </summary>
internal sealed class LogTransport : ITransport
{
    private readonly List<Envelope> _records = [];
    private string _log = "first log/0";
    private int _settled;

    /// <summary>False: what is settled is not noted, as where a process ends between the commit and the settling.</summary>
    public bool NotesSettled { get; set; } = true;

    /// <summary>Which offsets are delivered as such that may have been begun before.</summary>
    public Func<long, bool> MayHaveBegun { get; set; } = _ => false;

    public string Name => "log";

    public bool GivesPositions { get; init; } = true;

    public int MaxBodyBytes => 1_000_000;

    public int Settled => Volatile.Read(ref _settled);

    public void Write(params IEnumerable<Paid> messages) =>
        _records.AddRange(messages.Select(paid => new Envelope { MessageName = "Paid", MessageId = "", Body = JsonSerializer.SerializeToUtf8Bytes(paid, TestJson.Default.Paid) }));

    public void Write(string body) => _records.Add(new Envelope { MessageName = "Paid", MessageId = "not-json", Body = System.Text.Encoding.UTF8.GetBytes(body) });

    public void MakeAnew()
    {
        _records.Clear();
        (_log, _settled) = ("second log/0", 0);
    }

    public ValueTask StartAsync(Topology topology, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<ISubscription> SubscribeAsync(SubscriptionRequest request, CancellationToken cancellationToken)
    {
        Assert.True(request.Positions, "Positions are asked for");
        return ValueTask.FromResult<ISubscription>(new Subscription(this, request.Source));
    }

    public Task<PublishOutcome> PublishAsync(OutgoingMessage message, CancellationToken cancellationToken) =>
        Task.FromResult(PublishOutcome.Refused("Nothing is sent by the log."));

    public ValueTask<TransportState> CheckAsync(CancellationToken cancellationToken) => ValueTask.FromResult(TransportState.Connected);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Subscription : ISubscription
    {
        private readonly LogTransport _transport;
        private readonly Channel<Delivery> _deliveries = Channel.CreateUnbounded<Delivery>();

        public Subscription(LogTransport transport, string source)
        {
            _transport = transport;
            for (var offset = transport._settled; offset < transport._records.Count; offset++)
            {
                _deliveries.Writer.TryWrite(new Delivery(source, transport._records[offset], transport.MayHaveBegun(offset)) { Position = new LogPosition(transport._log, offset) });
            }
        }

        public ChannelReader<Delivery> Deliveries => _deliveries;

        public ValueTask SettleAsync(IReadOnlyList<Delivery> handled, CancellationToken cancellationToken)
        {
            if (_transport.NotesSettled)
            {
                Volatile.Write(ref _transport._settled, (int)handled[^1].Position!.Value.Offset + 1);
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask ReturnAsync(IReadOnlyList<Delivery> untried, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask StopReceivingAsync(CancellationToken cancellationToken)
        {
            _deliveries.Writer.TryComplete();
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
