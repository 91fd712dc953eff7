using System.Text;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Reliability;

internal sealed class PostgreSqlStoreOptionsValidator : IValidateOptions<PostgreSqlStoreOptions>
{
    private const string Name = nameof(PostgreSqlStoreOptions);
    private const int LongestIdentifier = 63;

    public ValidateOptionsResult Validate(string? name, PostgreSqlStoreOptions options)
    {
        var failures = new List<string>();
        if (ReasonAgainst(options) is { } reason)
            failures.Add(reason);

        if (!IsSchemaName(options.Schema))
        {
            failures.Add($"{Name}.{nameof(options.Schema)} is '{options.Schema}'; give a name of 1 to {LongestIdentifier} bytes that does not begin with pg_ and is neither information_schema nor public.");
        }

        if (options.Parallelism is < 1 or > 64)
            failures.Add($"{Name}.{nameof(options.Parallelism)} is {options.Parallelism}; give a number from 1 to 64.");

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    // Never the string itself, and nothing that the parser says of it: a password may be anywhere in it.
    private static string? ReasonAgainst(PostgreSqlStoreOptions options)
    {
        if (options.DataSource is not null)
        {
            return new NpgsqlConnectionStringBuilder(options.DataSource.ConnectionString).Multiplexing
                ? $"{Name}.{nameof(options.DataSource)} multiplexes, so transactions and notifications have no connection of their own; give one without Multiplexing."
                : null;
        }

        const string property = $"{Name}.{nameof(options.ConnectionString)}";
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString);
            return string.IsNullOrWhiteSpace(settings.Host) ? $"{property} names no Host; give a connection string of Npgsql, such as Host=…;Database=…;Username=…."
                : settings.Multiplexing ? $"{property} turns Multiplexing on, so transactions and notifications have no connection of their own; leave it off."
                : settings.Pooling && settings.MaxPoolSize < options.Parallelism + 2
                    ? $"{property} allows {settings.MaxPoolSize} connections; {nameof(options.Parallelism)} {options.Parallelism} needs at least {options.Parallelism + 2}: one to listen, and one for claims."
                : null;
        }
        catch (ArgumentException)
        {
            return $"{property} is no connection string of Npgsql: check its keywords and values.";
        }
    }

    private static bool IsSchemaName(string schema) =>
        schema.Length > 0 && Encoding.UTF8.GetByteCount(schema) <= LongestIdentifier && !schema.Contains('\0', StringComparison.Ordinal)
        && !schema.StartsWith("pg_", StringComparison.OrdinalIgnoreCase) && schema is not ("information_schema" or "public");
}
