using RabbitMQ.Client;

namespace Reliability.Benchmarks.HandWritten;

/// <summary>
/// Publishes without waiting for one confirm before the next message, as many at once as the window allows, and takes the broker's multiple acks as they come: the
/// fastest way of publishing that loses nothing. For one caller at a time.
/// </summary>
internal sealed class RawPublisher : IAsyncDisposable
{
    private static readonly CreateChannelOptions WithConfirms = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false);

    private readonly IChannel _channel;
    private readonly string _queue;
    private readonly string _type;
    private readonly SemaphoreSlim _room;
    private readonly int _window;
    private readonly Action?[] _confirmed;
    private readonly object _gate = new();
    private ulong _first = 1;
    private ulong _next = 1;

    private RawPublisher(IChannel channel, string queue, string type, int window)
    {
        (_channel, _queue, _type, _window) = (channel, queue, type, window);
        _room = new SemaphoreSlim(window);
        _confirmed = new Action?[window];
        channel.BasicAcksAsync += (_, ack) =>
        {
            Confirm(ack.DeliveryTag, ack.Multiple);
            return Task.CompletedTask;
        };
        channel.BasicNacksAsync += (_, nack) => throw new InvalidOperationException($"The broker did not take message {nack.DeliveryTag}.");
        channel.BasicReturnAsync += (_, returned) => throw new InvalidOperationException($"The broker returned a message: {returned.ReplyText}.");
    }

    public static async Task<RawPublisher> OpenAsync(IConnection connection, string queue, string type, int window) =>
        new(await connection.CreateChannelAsync(WithConfirms), queue, type, window);

    /// <summary>Sends one message; <paramref name="confirmed"/> is called, quickly, when the broker has it.</summary>
    public async ValueTask SendAsync(Outgoing message, Action confirmed)
    {
        await _room.WaitAsync();
        lock (_gate)
            _confirmed[_next++ % (ulong)_window] = confirmed;

        await _channel.BasicPublishAsync("", _queue, mandatory: true, Properties(message.Id, _type), message.Body);
    }

    public async Task AllConfirmedAsync()
    {
        for (var taken = 0; taken < _window; taken++)
            await _room.WaitAsync();

        _room.Release(_window);
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        _room.Dispose();
    }

    public static BasicProperties Properties(Guid id, string type) => new()
    {
        DeliveryMode = DeliveryModes.Persistent,
        ContentType = "application/json",
        MessageId = id.ToString(),
        Type = type,
    };

    private void Confirm(ulong number, bool multiple)
    {
        ulong room;
        lock (_gate)
        {
            for (var one = multiple ? _first : number; one <= number; one++)
            {
                ref var slot = ref _confirmed[one % (ulong)_window];
                slot?.Invoke();
                slot = null;
            }

            var before = _first;
            while (_first < _next && _confirmed[_first % (ulong)_window] is null)
                _first++;

            // Over numbers, not messages: the place of one that is not confirmed yet is not given to another.
            room = _first - before;
        }

        if (room > 0)
            _room.Release((int)room);
    }
}
