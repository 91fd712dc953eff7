using System.CommandLine;
using Reliability.Tool.Commands;

namespace Reliability.Tool;

/// <summary>The commands, and how they end.</summary>
internal static class ToolCommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Root().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            // Not by the parser's own action: it quotes arguments, and a store's address in the wrong place holds a password.
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync(Secrets.Remove(error.Message)).ConfigureAwait(false);
            }

            await Console.Error.WriteLineAsync($"Try: {string.Join(' ', Names(parsed.CommandResult.Command, parsed.RootCommandResult.Command))} --help").ConfigureAwait(false);
            return ExitCodes.Usage;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }).ConfigureAwait(false);
    }

    private static RootCommand Root()
    {
        var root = new RootCommand("Looks after the messages of Reliability.Runtime: beside the running services, in their database.")
        {
            StatusCommand.Create(),
            OutboxCommand.Create(),
            DeadLettersCommand.Create(),
            SchemaCommand.Create(),
        };
        root.Options.Add(CommonOptions.Store);
        root.Options.Add(CommonOptions.Schema);
        root.Options.Add(CommonOptions.Json);
        return root;
    }

    private static IEnumerable<string> Names(Command command, Command root) =>
        command == root ? ["reliability"] : [.. command.Parents.OfType<Command>().Take(1).SelectMany(parent => Names(parent, root)), command.Name];
}
