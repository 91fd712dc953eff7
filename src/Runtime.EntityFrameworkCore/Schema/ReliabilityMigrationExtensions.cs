using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Microsoft.EntityFrameworkCore.Migrations.Operations.Builders;
using Microsoft.Extensions.DependencyInjection;

namespace Reliability;

/// <summary>The store's tables as a migration.</summary>
public static class ReliabilityMigrationExtensions
{
    /// <summary>
    /// Creates the store's tables, or upgrades them, by the store's own script (<see cref="IStoreSchema.Script"/>), which is a transaction of its own. For
    /// databases whose tables only migrations may change; there, tell the store not to (<c>ApplySchema = false</c>).
    /// </summary>
    /// <param name="migrations">What <see cref="Migration"/> is given.</param>
    /// <param name="store">
    /// Chooses the store as in <c>AddReliability</c>: <c>store => store.UsePostgreSql("Host=localhost")</c>. Nothing connects to it; only its kind, its schema's name
    /// and what else shapes its tables count.
    /// </param>
    /// <param name="fromVersion">The version of the tables before: 0 where there are none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The store knows no such version.</exception>
    public static OperationBuilder<SqlOperation> CreateReliabilityTables(
        this MigrationBuilder migrations, Action<ReliabilityBuilder> store, int fromVersion = 0)
    {
        ArgumentNullException.ThrowIfNull(migrations);
        ArgumentNullException.ThrowIfNull(store);
        var services = new ServiceCollection();
        services.AddReliability(store);
        // Never started, the store has nothing to close.
        var schema = services.BuildServiceProvider().GetRequiredService<IMessageStore>().Schema;
        return migrations.Sql(schema.Script(fromVersion), suppressTransaction: true);
    }
}
