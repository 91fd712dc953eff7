using Shop;
using Shop.Demo;

namespace Reliability.Tests;

/// <summary>A folder for one run of the shop.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public string Path { get; } = Directory.CreateTempSubdirectory("crash-").FullName;

    /// <summary>The shop's database in it, where the shop is told of no other.</summary>
    private ShopDatabase Database => new ShopSettings(Path, Orders: 0, Seed: 0, Broker: null, Kafka: null, Postgres: null).Database;

    public async Task UntilParcelsAsync(int count, ChildProcess shop)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while ((await ShopProgress.ReadAsync(Database, TestContext.Current.CancellationToken))?.Parcels is not { } parcels || parcels < count)
        {
            Assert.False(shop.HasExited, shop.Output);
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < Patience, $"No {count} parcels within {Patience}: {shop.Output}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
