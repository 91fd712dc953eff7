using System.Text;

namespace Reliability.Tests;

/// <summary>Messages and handlers that tests need where the content does not matter.</summary>
internal static class Samples
{
    public const string Billing = "Billing.Issue";

    public static InboxEntry Entry(string key, long fingerprint = 1) => new(Billing, InboxKey.Of(key), fingerprint);

    public static OutboxRow Row(string id, int bytes = 10, string transport = TransportNames.RabbitMq, string route = "invoices") => new()
    {
        Transport = transport,
        Route = route,
        Envelope = new Envelope { MessageId = id, Body = Encoding.UTF8.GetBytes(new string('x', bytes)) },
    };

    public static OutboxClaim Claim(string owner, int limit = 100) => new(TransportNames.RabbitMq, null, limit, new Lease(owner, TimeSpan.FromMinutes(1)));

    /// <summary>Waits for a condition that another thread or process brings about.</summary>
    public static async Task EventuallyAsync(Func<Task<bool>> condition, string what, TimeSpan? within = null)
    {
        var deadline = DateTime.UtcNow + (within ?? TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < deadline, $"Not within {within ?? TimeSpan.FromSeconds(30)}: {what}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
