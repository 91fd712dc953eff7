using Microsoft.Extensions.DependencyInjection;

namespace Reliability.Tests;

/// <summary>A database file in a scratch folder of its own.</summary>
public sealed class SqlitePlace : IStorePlace
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("reliability-sqlite-").FullName;

    public string File => Path.Combine(Folder, "store.db");

    public ValueTask<IMessageStore> OpenAsync(TimeProvider time) => ValueTask.FromResult(Open(time: time));

    /// <summary>The store as an application gets it. It has a container of its own, which holds nothing else that needs disposing.</summary>
    public IMessageStore Open(string? connectionStringOrPath = null, TimeProvider? time = null, Action<SqliteStoreOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddReliability(reliability => reliability.UseSqlite(connectionStringOrPath ?? File, configure));
        return services.BuildServiceProvider().GetRequiredService<IMessageStore>();
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return default;
    }
}
