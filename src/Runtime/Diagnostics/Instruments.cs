using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Reliability;

/// <summary>The meter and its instruments. Every use asks first whether anybody listens: nothing is measured for nobody.</summary>
internal sealed class Instruments : IDisposable
{
    public static readonly ActivitySource Source = new(ReliabilityDiagnostics.ActivitySourceName, Version);

    private readonly Meter? _own;

    /// <param name="factory">The application's, which owns the meter; null: it is made, and disposed, here.</param>
    public Instruments(IMeterFactory? factory)
    {
        Meter = factory?.Create(new MeterOptions(ReliabilityDiagnostics.MeterName) { Version = Version })
            ?? (_own = new Meter(ReliabilityDiagnostics.MeterName, Version));
        Sent = Count("messaging.client.sent.messages", "Messages that were given to a broker, or tried to be.");
        Consumed = Count("messaging.client.consumed.messages", "Messages that were delivered to this process.");
        OperationDuration = Seconds("messaging.client.operation.duration", "How long sending a message to its confirm, and settling deliveries, took.");
        ProcessDuration = Seconds("messaging.process.duration", "How long handlers took for one message.");
        Duplicates = Count("reliability.inbox.duplicates", "Deliveries that were dropped, because their operation had been handled before.");
        Conflicts = Count("reliability.inbox.conflicts", "Messages with the dedupe key of another operation: they are dead letters.");
        DeadLetters = Count("reliability.dead_letters", "Messages that became dead letters.");
        Deferred = Count("reliability.deferred", "Messages that were put aside in the store to be handled later.");
        Retries = Count("reliability.retries", "Attempts of handlers after the first.");
        SendRetries = Count("reliability.send.retries", "Sends that failed and are tried again.");
        GroupSize = Meter.CreateHistogram<int>("reliability.group.size", "{message}", "Messages that shared one transaction.");
        GroupDuration = Seconds("reliability.group.duration", "How long a transaction of a group took, from its begin to its commit.");
    }

    public Meter Meter { get; }

    public Counter<long> Sent { get; }

    public Counter<long> Consumed { get; }

    public Histogram<double> OperationDuration { get; }

    public Histogram<double> ProcessDuration { get; }

    public Counter<long> Duplicates { get; }

    public Counter<long> Conflicts { get; }

    public Counter<long> DeadLetters { get; }

    public Counter<long> Deferred { get; }

    public Counter<long> Retries { get; }

    public Counter<long> SendRetries { get; }

    public Histogram<int> GroupSize { get; }

    public Histogram<double> GroupDuration { get; }

    private static string? Version => typeof(Instruments).Assembly.GetName().Version?.ToString(3);

    public void Dispose() => _own?.Dispose();

    private Counter<long> Count(string name, string description) => Meter.CreateCounter<long>(name, "{message}", description);

#if NET9_0_OR_GREATER
    /// <summary>Bounds as the conventions advise for messaging.</summary>
    private static readonly InstrumentAdvice<double> Bounds =
        new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] };

    private Histogram<double> Seconds(string name, string description) => Meter.CreateHistogram(name, "s", description, tags: null, Bounds);
#else
    private Histogram<double> Seconds(string name, string description) => Meter.CreateHistogram<double>(name, "s", description);
#endif
}
