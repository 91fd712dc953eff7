namespace Reliability;

/// <summary>Whether and how outgoing messages can be read as CloudEvents 1.0: their attributes in headers, the body as it is.</summary>
public sealed record CloudEventsOptions
{
    /// <summary>Whether they are written. Default: false.</summary>
    public bool Enabled { get; set; }

    /// <summary>Who sends: a URI or a path, such as <c>/shop/billing</c>. Required where <see cref="Enabled"/> is true.</summary>
    public string? Source { get; set; }

    /// <summary>What stands before the message's name in the event's type, such as <c>com.example.shop.</c>. Default: nothing.</summary>
    public string TypePrefix { get; set; } = "";
}
