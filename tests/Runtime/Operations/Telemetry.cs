using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Reliability.Tests.Operations;

/// <summary>Listeners hear the whole process, so these tests run alone.</summary>
[CollectionDefinition(nameof(Telemetry), DisableParallelization = true)]
public sealed class Telemetry;

/// <summary>Every span of the runtime that ended.</summary>
internal sealed class Spans : IDisposable
{
    public const string TestSource = "Reliability.Tests";

    private readonly ActivityListener _listener;

    public Spans()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is ReliabilityDiagnostics.ActivitySourceName or TestSource,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public ConcurrentQueue<Activity> Ended { get; } = new();

    /// <summary>Waits for the span of that name that is in the trace.</summary>
    public async Task<Activity> GetAsync(string name, ActivityTraceId? trace = null) => (await Eventually.GetAsync(
        () => Task.FromResult(Ended.FirstOrDefault(span => span.DisplayName == name && (trace is null || span.TraceId == trace))), span => span is not null))!;

    public void Dispose() => _listener.Dispose();
}

/// <summary>Everything that was measured by one application.</summary>
internal sealed class Measures : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Name, double Value, Dictionary<string, object?> Tags)> _seen = new();

    public Measures(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
            {
                Instruments[instrument.Name] = instrument;
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => See(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => See(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => See(instrument, value, tags));
        _listener.Start();
    }

    public ConcurrentDictionary<string, Instrument> Instruments { get; } = new();

    public IEnumerable<(double Value, Dictionary<string, object?> Tags)> Of(string name) =>
        _seen.Where(measure => measure.Name == name).Select(measure => (measure.Value, measure.Tags));

    public double Sum(string name) => Of(name).Sum(measure => measure.Value);

    public Task<double> SumAsync(string name, double expected) => Eventually.GetAsync(() => Task.FromResult(Sum(name)), sum => sum >= expected);

    public IEnumerable<(double Value, Dictionary<string, object?> Tags)> Observe(string name)
    {
        _seen.Clear();
        _listener.RecordObservableInstruments();
        return Of(name);
    }

    public void Dispose() => _listener.Dispose();

    private void See(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _seen.Enqueue((instrument.Name, value, tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value)));
}
