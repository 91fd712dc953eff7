using Microsoft.Extensions.Options;
using Reliability.Connections;

namespace Reliability;

internal sealed class SqliteStoreOptionsValidator : IValidateOptions<SqliteStoreOptions>
{
    private static readonly TimeSpan MostWait = TimeSpan.FromHours(1);

    public ValidateOptionsResult Validate(string? name, SqliteStoreOptions options)
    {
        var failures = new List<string>();
        if (DatabaseFile.Parse(options.ConnectionString, out var reason) is null)
            failures.Add($"{nameof(SqliteStoreOptions)}.{nameof(options.ConnectionString)}: {reason}");

        if (options.BusyTimeout < TimeSpan.FromSeconds(1) || options.BusyTimeout > MostWait)
            failures.Add($"{nameof(SqliteStoreOptions)}.{nameof(options.BusyTimeout)} is {options.BusyTimeout}; give a time from 1 second to 1 hour.");

        if (options.InstanceWait < TimeSpan.Zero || options.InstanceWait > MostWait)
            failures.Add($"{nameof(SqliteStoreOptions)}.{nameof(options.InstanceWait)} is {options.InstanceWait}; give a time from 0 to 1 hour.");

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
