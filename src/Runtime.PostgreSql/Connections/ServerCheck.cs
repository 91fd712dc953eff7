using Npgsql;
using Reliability.Schema;

namespace Reliability.Connections;

/// <summary>What a server must be before messages are entrusted to it.</summary>
/// <param name="CommitsAreDurable">False where this role's commits return before they are on disk.</param>
/// <param name="Unsafe">Server settings under which a crash can lose what was committed; empty where there are none.</param>
internal sealed record ServerCheck(bool CommitsAreDurable, string Unsafe)
{
    private const int OldestVersion = 120_000;

    private const string Question = """
        SELECT current_setting('server_version_num')::integer, current_setting('server_version'), current_setting('server_encoding'), pg_is_in_recovery(),
            current_setting('default_transaction_read_only') = 'on', current_setting('synchronous_commit'), current_setting('fsync'), current_setting('full_page_writes')
        """;

    /// <exception cref="StoreException">The server is too old, keeps text in another encoding than UTF-8, or takes no writes.</exception>
    public static async ValueTask<ServerCheck> RunAsync(NpgsqlConnection connection, DatabaseAddress address, CancellationToken cancellationToken) =>
        (await connection.RowsAsync(null, [new NpgsqlBatchCommand(Question)], row => Read(row, address), cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Refuses a role that could not use the tables.</summary>
    /// <exception cref="StoreException">It says which rights are missing, and how to grant them.</exception>
    public static async ValueTask RequireRightsAsync(NpgsqlConnection connection, DatabaseAddress address, TableNames names, CancellationToken cancellationToken)
    {
        const string question = """
            SELECT privilege || ' on ' || relname, current_user
            FROM pg_class AS c CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS privilege
            WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) AND relkind IN ('r', 'p') AND NOT relispartition
                AND relname <> 'schema_version' AND NOT has_table_privilege(c.oid, privilege)
            ORDER BY 1
            """;
        var missing = await connection.RowsAsync(
            null, [new NpgsqlBatchCommand(question).Raw(names.SchemaName)], row => (What: row.GetString(0), Role: row.GetString(1)), cancellationToken).ConfigureAwait(false);
        if (missing.Count > 0)
        {
            var role = "\"" + missing[0].Role.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
            throw new StoreException(
                $"The role {role} lacks rights in the schema {names.Schema} of {address}: {string.Join(", ", missing.Select(right => right.What))}. Let the owner of the tables run: " +
                $"GRANT USAGE ON SCHEMA {names.Schema} TO {role}; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {names.Schema} TO {role};");
        }
    }

    private static ServerCheck Read(NpgsqlDataReader row, DatabaseAddress address)
    {
        if (row.GetInt32(0) < OldestVersion)
            throw new StoreException($"The server of {address} is PostgreSQL {row.GetString(1)}; 12 or newer is needed.");

        if (row.GetString(2) is var encoding && encoding != "UTF8")
            throw new StoreException($"The database {address} keeps text as {encoding}; messages need UTF8. Create the database with ENCODING 'UTF8', or name another one.");

        if (row.GetBoolean(3) || row.GetBoolean(4))
            throw PostgreSqlErrors.ReadOnly(address);

        string[] risky = [row.GetString(6) == "on" ? "" : "fsync", row.GetString(7) == "on" ? "" : "full_page_writes"];
        return new ServerCheck(row.GetString(5) != "off", string.Join(" and ", risky.Where(setting => setting.Length > 0)));
    }
}
