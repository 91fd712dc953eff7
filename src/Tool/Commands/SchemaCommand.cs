using System.CommandLine;
using Reliability.Tool.Output;

namespace Reliability.Tool.Commands;

/// <summary><c>schema</c>: the tables as SQL, made, and compared with what this version knows.</summary>
internal static class SchemaCommand
{
    public static Command Create() => new("schema", "The tables: as SQL, made or upgraded, compared.") { Print(), Apply(), Check() };

    public static async Task<SchemaDocument> ReadAsync(IMessageStore store, CancellationToken cancellationToken)
    {
        var version = await store.Schema.ReadVersionAsync(cancellationToken).ConfigureAwait(false);
        return new SchemaDocument(store.Description, version, store.Schema.KnownVersion, version == store.Schema.KnownVersion);
    }

    private static Command Print()
    {
        var from = new Option<int>("--from") { Description = "From this version on. Default: 0, from nothing." };
        var command = new Command("print", "Writes the SQL that makes or upgrades the tables. The database is not asked.") { from };
        command.OnTables((store, output, parsed, _) =>
        {
            var version = parsed.GetValue(from);
            if (version < 0 || version > store.Schema.KnownVersion)
            {
                throw new UsageException($"--from is {version}; versions go from 0 to {store.Schema.KnownVersion}.");
            }

            var script = store.Schema.Script(version);
            if (output.IsJson)
            {
                output.Json(new ScriptDocument(version, store.Schema.KnownVersion, script), ToolJson.Default.ScriptDocument);
            }
            else
            {
                output.Raw(script);
            }

            return Task.FromResult(ExitCodes.Ok);
        });
        return command;
    }

    private static Command Apply()
    {
        var command = new Command("apply", "Makes or upgrades the tables. Safe beside services that start at the same time.");
        command.OnTables(async (store, output, _, cancellationToken) =>
        {
            var before = await store.Schema.ApplyAsync(cancellationToken).ConfigureAwait(false);
            var after = await store.Schema.ReadVersionAsync(cancellationToken).ConfigureAwait(false);
            if (output.IsJson)
            {
                output.Json(new AppliedDocument(store.Description, before, after), ToolJson.Default.AppliedDocument);
            }
            else
            {
                output.Line(before == after ? $"{store.Description} has schema {after} already." : $"{store.Description}: schema {before} is now {after}.");
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static Command Check()
    {
        var command = new Command("check", "Compares the tables' version with the one that this tool knows. Ends with 1 where they differ.");
        command.OnTables(async (store, output, _, cancellationToken) =>
        {
            var schema = await ReadAsync(store, cancellationToken).ConfigureAwait(false);
            if (output.IsJson)
            {
                output.Json(schema, ToolJson.Default.SchemaDocument);
            }
            else
            {
                output.Line($"{schema.Store} has schema {schema.Version}; this tool knows {schema.Known}.");
                if (!schema.Matches)
                {
                    output.Error(schema.Version < schema.Known
                        ? "Older: run reliability schema apply, or start a service of this version."
                        : "Newer: take the tool's version that the services have.");
                }
            }

            return schema.Matches ? ExitCodes.Ok : ExitCodes.Trouble;
        });
        return command;
    }
}
