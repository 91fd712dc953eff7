using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>One producer from its building to its end. Every message given to it gets an outcome, also those that the client forgets.</summary>
internal sealed class ProducerLink
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(4);

    private readonly IProducer<string?, ReadOnlyMemory<byte>> _producer;
    private readonly object _gate = new();
    private readonly HashSet<PendingSend> _pending = [];
    private readonly TroubleLog _trouble;
    private readonly ILogger _log;
    private bool _closed;
    private Task<TransportState> _asking = Task.FromResult(TransportState.Connected);

    /// <param name="settings">What the client is built with.</param>
    /// <param name="trouble">Where trouble with the brokers goes.</param>
    /// <param name="onFatal">Called, on a thread of the client, when this producer can send no more.</param>
    /// <param name="log">Where the client's own lines go.</param>
    public ProducerLink(IEnumerable<KeyValuePair<string, string>> settings, TroubleLog trouble, Action<ProducerLink, Error> onFatal, ILogger log)
    {
        _trouble = trouble;
        _log = log;
        _producer = ClientSettings.Build(() => new ProducerBuilder<string?, ReadOnlyMemory<byte>>(settings)
            .SetKeySerializer(new EnvelopeWriter.KeySerializer())
            .SetValueSerializer(new EnvelopeWriter.BodySerializer())
            .SetLogHandler((_, line) => log.Client(line))
            .SetErrorHandler((_, error) =>
            {
                trouble.Report(error);
                if (error.IsFatal)
                {
                    onFatal(this, error);
                }
            })
            .Build());
    }

    /// <summary>Gives the message to the client before it returns: calls in order are sent in order.</summary>
    public async Task<PublishOutcome> SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        var pending = new PendingSend(message, _trouble);
        if (!TryProduce(message, pending))
        {
            return PublishOutcome.Unavailable("The Kafka producer is closed.");
        }

        try
        {
            var outcome = await pending.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (outcome.Status == PublishStatus.Confirmed)
            {
                _trouble.Over();
            }

            return outcome;
        }
        finally
        {
            lock (_gate)
            {
                _pending.Remove(pending);
            }
        }
    }

    /// <summary>Waits for the confirms that are under way, then closes. What has no outcome by then may have arrived or not.</summary>
    /// <param name="limit">Waits no longer.</param>
    public Task CloseAsync(TimeSpan limit) => Task.Factory.StartNew(() => Close(limit), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Asks the brokers. Calls at the same time share one question.</summary>
    public async ValueTask<TransportState> CheckAsync(CancellationToken cancellationToken)
    {
        Task<TransportState> asking;
        lock (_gate)
        {
            if (_closed)
            {
                return TransportState.Away("The Kafka producer is closed.");
            }

            asking = _asking = _asking.IsCompleted ? AskAsync() : _asking;
        }

        return await asking.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>All that the cluster has: asking for one topic may create it, and asking for its description waits for a controller.</summary>
    private Task<TransportState> AskAsync() => Task.Factory.StartNew(
        () =>
        {
            try
            {
                using var admin = new DependentAdminClientBuilder(_producer.Handle).Build();
                return admin.GetMetadata(Answer).Brokers.Count > 0 ? TransportState.Connected : TransportState.Away("No broker answers.");
            }
            catch (KafkaException error)
            {
                return TransportState.Away(_trouble.Latest ?? error.Error.Reason);
            }
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private bool TryProduce(OutgoingMessage message, PendingSend pending)
    {
        // A disposed producer takes messages and never reports on them, so closing and sending must not overlap.
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            _pending.Add(pending);
            try
            {
                _producer.Produce(message.Route, EnvelopeWriter.Write(message.Envelope, message.CloudEvent), pending.OnReport);
            }
            catch (KafkaException refusal)
            {
                pending.TrySetResult(SendOutcomes.Of(refusal.Error, PersistenceStatus.NotPersisted, message, trouble: null));
            }
            catch (ArgumentException error)
            {
                pending.TrySetResult(PublishOutcome.Refused($"'{message.Route}' cannot be sent to: {error.Message}"));
            }

            return true;
        }
    }

    private void Close(TimeSpan limit)
    {
        lock (_gate)
        {
            _closed = true;
        }

        try
        {
            _producer.Flush(limit);
        }
        catch (KafkaException error)
        {
            _log.NotClosed("producer", limit, error);
        }

        // A question borrows the producer's handle.
        ((IAsyncResult)_asking).AsyncWaitHandle.WaitOne(Answer + Answer);
        _producer.Dispose();

        // Disposing drops what was queued without a report, and a task that nobody completes would wait for ever.
        lock (_gate)
        {
            foreach (var pending in _pending)
            {
                pending.TrySetResult(PublishOutcome.Failed($"The client closed before topic '{pending.Route}' confirmed. It is sent again under the same id."));
            }
        }
    }
}
