using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Reliability;

/// <summary>Keeps messages in PostgreSQL.</summary>
public static class PostgreSqlReliabilityBuilderExtensions
{
    /// <summary>
    /// Keeps inbox, outbox, deferred messages and dead letters in a PostgreSQL database (12 or newer, UTF-8), in a schema of their own beside the application's
    /// tables. Any number of processes share it.
    /// </summary>
    /// <param name="builder">What <c>AddReliability</c> configures.</param>
    /// <param name="connectionString">See <see cref="PostgreSqlStoreOptions.ConnectionString"/>.</param>
    /// <param name="configure">Sets further options; null: none.</param>
    public static ReliabilityBuilder UsePostgreSql(
        this ReliabilityBuilder builder, string connectionString, Action<PostgreSqlStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        return builder.UsePostgreSql(options =>
        {
            options.ConnectionString = connectionString;
            configure?.Invoke(options);
        });
    }

    /// <inheritdoc cref="UsePostgreSql(ReliabilityBuilder, string, Action{PostgreSqlStoreOptions})"/>
    /// <param name="builder">What <c>AddReliability</c> configures.</param>
    /// <param name="dataSource">See <see cref="PostgreSqlStoreOptions.DataSource"/>.</param>
    /// <param name="configure">Sets further options; null: none.</param>
    public static ReliabilityBuilder UsePostgreSql(
        this ReliabilityBuilder builder, NpgsqlDataSource dataSource, Action<PostgreSqlStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        return builder.UsePostgreSql(options =>
        {
            options.DataSource = dataSource;
            configure?.Invoke(options);
        });
    }

    /// <inheritdoc cref="UsePostgreSql(ReliabilityBuilder, string, Action{PostgreSqlStoreOptions})"/>
    /// <param name="builder">What <c>AddReliability</c> configures.</param>
    /// <param name="configure">Sets the options.</param>
    public static ReliabilityBuilder UsePostgreSql(this ReliabilityBuilder builder, Action<PostgreSqlStoreOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.AddOptions<PostgreSqlStoreOptions>().Configure(configure).ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PostgreSqlStoreOptions>, PostgreSqlStoreOptionsValidator>());
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IMessageStore>(services => new PostgreSqlMessageStore(
            services.GetRequiredService<IOptions<PostgreSqlStoreOptions>>().Value,
            services.GetService<ILogger<PostgreSqlMessageStore>>() ?? NullLogger<PostgreSqlMessageStore>.Instance));
        return builder;
    }
}
