using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Reliability;

/// <summary>Keeps messages in a SQLite file.</summary>
public static class SqliteReliabilityBuilderExtensions
{
    /// <summary>
    /// Keeps inbox, outbox, deferred messages, dead letters and audit in a SQLite file, in tables named <c>reliability_…</c> beside the application's own.
    /// One service at a time uses a file; it holds a lock on <c>&lt;file&gt;.lock</c> meanwhile. Tools may look and mend beside it.
    /// </summary>
    /// <remarks>
    /// The native SQLite library is the application's to choose and to keep current: add the package <c>SQLitePCLRaw.bundle_e_sqlite3</c>, or another bundle,
    /// of SQLite 3.35 or newer.
    /// <para>A transaction of your own on the same file, given to the store, commits as durably as its own connection does: leave <c>PRAGMA synchronous</c> at FULL
    /// there. While it is open, the handlers wait for the file's write lock.</para>
    /// </remarks>
    /// <param name="builder">What <c>AddReliability</c> configures.</param>
    /// <param name="connectionStringOrPath">See <see cref="SqliteStoreOptions.ConnectionString"/>.</param>
    /// <param name="configure">Sets further options; null: none.</param>
    public static ReliabilityBuilder UseSqlite(
        this ReliabilityBuilder builder, string connectionStringOrPath, Action<SqliteStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(connectionStringOrPath);
        builder.Services.AddOptions<SqliteStoreOptions>()
            .Configure(options =>
            {
                options.ConnectionString = connectionStringOrPath;
                configure?.Invoke(options);
            })
            .ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SqliteStoreOptions>, SqliteStoreOptionsValidator>());
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IMessageStore>(services => new SqliteMessageStore(
            services.GetRequiredService<IOptions<SqliteStoreOptions>>().Value, services.GetRequiredService<TimeProvider>()));
        return builder;
    }
}
