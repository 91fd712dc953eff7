using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Reliability;

// Usage: worker <start|hold|write> <database>. Prints one line when it has done what was asked, then waits for its end on standard input.
//   start   opens the store
//   hold    … and leases a committed outbox row
//   write   … and writes all that a handler writes, without committing
var (command, file) = (args[0], args[1]);
var services = new ServiceCollection();
services.AddReliability(reliability => reliability.UseSqlite(file, options => options.InstanceWait = TimeSpan.Zero));
await using var provider = services.BuildServiceProvider();
var store = provider.GetRequiredService<IMessageStore>();
try
{
    await store.StartAsync([new ConsumerRegistration("Billing.Issue", [])], CancellationToken.None);
}
catch (StoreException error)
{
    Console.WriteLine("StoreException: " + error.Message);
    return 1;
}

var lease = new Lease("worker", TimeSpan.FromDays(1));
OutboxRow Row(string id) => new()
{
    Transport = TransportNames.Local,
    Route = "queue",
    Envelope = new Envelope { MessageId = id, Body = Encoding.UTF8.GetBytes("{}") },
};

if (command is "hold" or "write")
{
    await using var work = await store.BeginAsync(CancellationToken.None);
    await work.AddToInboxAsync([new InboxEntry("Billing.Issue", InboxKey.Of("committed"), 1)], CancellationToken.None);
    await work.AddToOutboxAsync([Row("committed")], lease, CancellationToken.None);
    await work.CommitAsync(CancellationToken.None);
}

if (command is "write")
{
    // Never committed and never disposed: the process is killed in the middle.
    var work = await store.BeginAsync(CancellationToken.None);
    await work.AddToInboxAsync([new InboxEntry("Billing.Issue", InboxKey.Of("uncommitted"), 1)], CancellationToken.None);
    // More than SQLite's page cache holds, so that uncommitted pages reach the log.
    for (var i = 0; i < 50; i++)
        await work.AddToOutboxAsync([Row("uncommitted-" + i + new string('x', 100_000))], lease, CancellationToken.None);
}

Console.WriteLine("ready");
await Console.In.ReadLineAsync();
return 0;
