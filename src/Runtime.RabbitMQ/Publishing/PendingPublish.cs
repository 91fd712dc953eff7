using System.Diagnostics.CodeAnalysis;

namespace Reliability;

/// <summary>A message between <c>PublishAsync</c> and its outcome.</summary>
internal sealed class PendingPublish(RabbitMqRoute route, Envelope envelope, long began, CloudEvent? cloudEvent = null)
{
    private readonly TaskCompletionSource<PublishOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RabbitMqRoute Route { get; } = route;

    /// <summary>Null once the outcome is known: a confirm that never comes must not hold the body.</summary>
    public Envelope? Envelope { get; private set; } = envelope;

    public CloudEvent? CloudEvent { get; } = cloudEvent;

    public int BodyLength { get; } = envelope.Body.Length;

    public string MessageId { get; } = envelope.MessageId;

    /// <summary>The clock's timestamp when it was given to us: what the time limit counts from.</summary>
    public long Began { get; } = began;

    /// <summary>Why the broker sent it back, where it did. The confirm that follows only says that it is done with it.</summary>
    public string? Returned { get; set; }

    public Task<PublishOutcome> Outcome => _outcome.Task;

    [MemberNotNullWhen(false, nameof(Envelope))]
    public bool IsDone => Envelope is null;

    public void Complete(PublishOutcome outcome)
    {
        Envelope = null;
        _outcome.TrySetResult(outcome);
    }
}
