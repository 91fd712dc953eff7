using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>Sends by one producer, and by a new one where the client says that it can go on no more.</summary>
internal sealed class KafkaPublisher : IAsyncDisposable
{
    private static readonly TimeSpan LongestClose = TimeSpan.FromSeconds(10);

    /// <summary>Some fatal errors, such as a missing permission, hit the next producer at once.</summary>
    private static readonly TimeSpan PauseBeforeRebuild = TimeSpan.FromSeconds(2);

    private readonly KafkaOptions _options;
    private readonly TroubleLog _trouble;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly object _gate = new();
    private ProducerLink _link;
    private ProducerLink? _broken;
    private Task _closing = Task.CompletedTask;
    private bool _disposed;

    /// <exception cref="InvalidOperationException">The client refuses its settings.</exception>
    public KafkaPublisher(KafkaOptions options, TroubleLog trouble, TimeProvider time, ILogger log)
    {
        _options = options;
        _trouble = trouble;
        _time = time;
        _log = log;
        _link = Build();
    }

    public Task<PublishOutcome> PublishAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        if (message.Envelope.Body.Length > _options.MaxBodyBytes)
        {
            return Task.FromResult(PublishOutcome.Refused(
                $"The body has {message.Envelope.Body.Length:N0} bytes; KafkaOptions.{nameof(KafkaOptions.MaxBodyBytes)} allows {_options.MaxBodyBytes:N0}. "
                + $"Raise it together with max.message.bytes of topic '{message.Route}', or send less."));
        }

        return Volatile.Read(ref _link).SendAsync(message, cancellationToken);
    }

    /// <summary>Asks the brokers by the producer's own connections.</summary>
    public ValueTask<TransportState> CheckAsync(CancellationToken cancellationToken) => Volatile.Read(ref _link).CheckAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Task closing;
        lock (_gate)
        {
            if (!_disposed)
            {
                _disposed = true;
                _stop.Cancel();
                _closing = Task.WhenAll(_closing, _link.CloseAsync(LongestClose));
            }

            closing = _closing;
        }

        await closing.ConfigureAwait(false);
        _stop.Dispose();
    }

    private ProducerLink Build() => new(ClientSettings.ForProducer(_options), _trouble, OnFatal, _log);

    /// <summary>After a fatal error, such as a lost idempotence state, a producer refuses everything for good.</summary>
    private void OnFatal(ProducerLink broken, Error error)
    {
        lock (_gate)
        {
            if (!_disposed && ReferenceEquals(broken, _link) && !ReferenceEquals(broken, _broken))
            {
                _broken = broken;
                _log.ClientRebuilt("producer", error.Reason);
                _closing = Task.WhenAll(_closing, ReplaceAsync(broken));
            }
        }
    }

    private async Task ReplaceAsync(ProducerLink broken)
    {
        await Task.Delay(PauseBeforeRebuild, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            if (_disposed)
            {
                // Closed by whoever disposed us.
                return;
            }

            Volatile.Write(ref _link, Build());
        }

        await broken.CloseAsync(LongestClose).ConfigureAwait(false);
    }
}
