using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>Sends by one producer, and by a new one where the client says that it can go on no more.</summary>
internal sealed class KafkaPublisher : IAsyncDisposable
{
    private static readonly TimeSpan LongestClose = TimeSpan.FromSeconds(10);

    private readonly KafkaOptions _options;
    private readonly TroubleLog _trouble;
    private readonly ILogger _log;
    private readonly object _gate = new();
    private ProducerLink _link;
    private Task _closing = Task.CompletedTask;
    private bool _disposed;

    /// <exception cref="InvalidOperationException">The client refuses its settings.</exception>
    public KafkaPublisher(KafkaOptions options, TroubleLog trouble, ILogger log)
    {
        _options = options;
        _trouble = trouble;
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

    public async ValueTask DisposeAsync()
    {
        Task closing;
        lock (_gate)
        {
            if (!_disposed)
            {
                _disposed = true;
                _closing = Task.WhenAll(_closing, _link.CloseAsync(LongestClose));
            }

            closing = _closing;
        }

        await closing.ConfigureAwait(false);
    }

    private ProducerLink Build() => new(ClientSettings.ForProducer(_options), _trouble, Replace, _log);

    /// <summary>After a fatal error, such as a lost idempotence state, a producer refuses everything for good.</summary>
    private void Replace(ProducerLink broken, Error error)
    {
        lock (_gate)
        {
            if (_disposed || !ReferenceEquals(broken, _link))
            {
                return;
            }

            _log.ClientRebuilt("producer", error.Reason);
            Volatile.Write(ref _link, Build());
            _closing = Task.WhenAll(_closing, broken.CloseAsync(LongestClose));
        }
    }
}
