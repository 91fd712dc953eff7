using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Reliability.Tests;

public sealed class LocalRoundTripTests() : TransportRoundTripConformance(new LocalPlace());

public sealed class LocalReceivingTests() : TransportReceivingConformance(new LocalPlace());

public sealed class LocalQueueTests() : TransportQueueConformance(new LocalPlace());

public sealed class LocalPublishingTests() : TransportPublishingConformance(new LocalPlace());

/// <summary>Queues in a SQLite file of the test's own. Several instances share its store, as the parts of one process do.</summary>
public sealed class LocalPlace : ITransportPlace
{
    private readonly string _folder = Directory.CreateTempSubdirectory("local-").FullName;
    private ServiceProvider? _services;

    public bool MarksRedelivered => false;

    public string NewSource() => $"queue-{Guid.NewGuid():N}";

    public async ValueTask<ITransport> OpenAsync(int maxBodyBytes)
    {
        if (_services is null)
        {
            var services = new ServiceCollection().AddLogging();
            services.AddReliability(reliability => reliability.UseSqlite(Path.Combine(_folder, "local.db")));
            _services = services.BuildServiceProvider();
            await _services.GetRequiredService<IMessageStore>().StartAsync([], TestContext.Current.CancellationToken);
        }

        var options = new ReliabilityOptions { MaxBodyBytes = maxBodyBytes, Relay = new RelayOptions { PollInterval = TimeSpan.FromMilliseconds(50) } };
        return new LocalTransport(
            _services.GetRequiredService<IMessageStore>(), new OutboxIntakes(), Options.Create(options), TimeProvider.System, NullLogger<LocalTransport>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
