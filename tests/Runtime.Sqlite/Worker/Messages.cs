using System.Text;

namespace Reliability.Worker;

/// <summary>What the worker writes.</summary>
internal static class Messages
{
    public const string Billing = "Billing.Issue";

    public static Lease Lease { get; } = new("worker", TimeSpan.FromDays(1));

    public static OutboxRow Row(string id, int bytes = 2) => new()
    {
        Transport = TransportNames.Local,
        Route = "queue",
        Envelope = new Envelope { MessageId = id, Body = Encoding.UTF8.GetBytes(new string('x', bytes)) },
    };

    public static InboxEntry Entry(string key) => new(Billing, InboxKey.Of(key), 1);
}
