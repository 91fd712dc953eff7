using RabbitMQ.Client;

namespace Reliability;

/// <summary>What a link is at one moment: up, connecting (neither), or down for a reason.</summary>
internal sealed class LinkState
{
    private readonly TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LinkState(IConnection? connection, string? reason) => (Connection, Reason) = (connection, reason);

    /// <summary>Not null while up.</summary>
    public IConnection? Connection { get; }

    /// <summary>Not null after a failure, until the link is up again.</summary>
    public string? Reason { get; }

    /// <summary>Ends when another state has taken this one's place.</summary>
    public Task Changed => _changed.Task;

    public static LinkState Connecting() => new(null, null);

    public static LinkState Up(IConnection connection) => new(connection, null);

    public static LinkState Down(string reason) => new(null, reason);

    public void Leave() => _changed.TrySetResult();
}
