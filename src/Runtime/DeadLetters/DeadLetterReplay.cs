namespace Reliability;

/// <summary>How dead letters are replayed, by whom, and why.</summary>
public sealed record DeadLetterReplay
{
    /// <summary>Who does it: a name that others can ask.</summary>
    public required string By { get; init; }

    /// <summary>Why; null: nothing is said.</summary>
    public string? Note { get; init; }

    /// <summary>Where to. Default: for received letters their handler, for outgoing ones their route.</summary>
    public DeadLetterTarget? To { get; init; }

    /// <summary>What is changed before; null: nothing.</summary>
    public DeadLetterEdit? Edit { get; init; }

    /// <summary>
    /// Replays also a <see cref="DeadLetterReason.Conflict"/>, whose operation was handled before with another content: what is remembered of that is
    /// forgotten, and the operation is done once more. Default: false.
    /// </summary>
    public bool Force { get; init; }
}

/// <summary>Where a dead letter goes.</summary>
public enum DeadLetterTarget
{
    /// <summary>To its handler, without the broker: it is deferred, due now.</summary>
    Handler,

    /// <summary>Through the outbox: back to the queue or topic it came from, or to the route it was to take. Under the same message id.</summary>
    Route,
}

/// <summary>Changes to a dead letter's message. What is left out stays.</summary>
public sealed record DeadLetterEdit
{
    /// <summary>Another body.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>Headers to set; null as a value takes the header away.</summary>
    public IReadOnlyDictionary<string, string?>? Headers { get; init; }

    /// <summary>Another message id: also another dedupe key, for handlers that name none.</summary>
    public string? MessageId { get; init; }

    /// <summary>Another message name, such as that of a renamed type.</summary>
    public string? MessageName { get; init; }

    internal Envelope ApplyTo(Envelope envelope)
    {
        var headers = new Dictionary<string, string>(envelope.Headers);
        foreach (var (name, value) in Headers ?? new Dictionary<string, string?>())
        {
            if (value is null)
            {
                headers.Remove(name);
            }
            else
            {
                headers[name] = value;
            }
        }

        return envelope with
        {
            Body = Body ?? envelope.Body,
            Headers = headers,
            MessageId = MessageId ?? envelope.MessageId,
            MessageName = MessageName ?? envelope.MessageName,
        };
    }
}

/// <summary>Who deletes dead letters, and why.</summary>
public sealed record DeadLetterDiscard
{
    /// <summary>Who does it: a name that others can ask.</summary>
    public required string By { get; init; }

    /// <summary>Why; null: nothing is said.</summary>
    public string? Note { get; init; }
}
