using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace Reliability.Tests;

/// <summary>
/// A transport whose answers a test chooses, for what a real broker cannot be made to do on demand. That real brokers answer so is shown by the
/// transports' own tests.
/// </summary>
internal sealed class ScriptedTransport(Func<OutgoingMessage, int, Task<PublishOutcome>> answer) : ITransport
{
    private readonly ConcurrentDictionary<string, int> _sends = new();

    public string Name => "scripted";

    public int MaxBodyBytes => 1_000_000;

    public ConcurrentQueue<string> Sent { get; } = new();

    public ValueTask StartAsync(Topology topology, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<ISubscription> SubscribeAsync(SubscriptionRequest request, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Only sends are scripted.");

    public Task<PublishOutcome> PublishAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        Sent.Enqueue(message.Envelope.MessageId);
        return answer(message, _sends.AddOrUpdate(message.Envelope.MessageId, 1, (_, sends) => sends + 1));
    }

    public ValueTask<TransportState> CheckAsync(CancellationToken cancellationToken) => ValueTask.FromResult(TransportState.Connected);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>An application that only sends, by this transport.</summary>
    public TestApplication Application() => new TestApplication().With(reliability =>
    {
        reliability.Services.AddSingleton<ITransport>(this);
        reliability.AddMessage(new MessageType<Paid>("Paid", TestJson.Default.Paid, "out", Name));
    });
}
