using System.CommandLine;
using System.Data.Common;
using Reliability.Tool.Output;
using Reliability.Tool.Stores;

namespace Reliability.Tool.Commands;

/// <summary>Runs a command over a store, and turns what goes wrong into a line and an exit code.</summary>
internal static class StoreAction
{
    /// <summary>The store is attached: its tables are there, of the version that this tool knows.</summary>
    public static void OnStore(this Command command, Func<IMessageStore, ToolOutput, ParseResult, CancellationToken, Task<int>> run) =>
        command.OnTables(async (store, output, parsed, cancellationToken) =>
        {
            await store.AttachAsync(cancellationToken).ConfigureAwait(false);
            return await run(store, output, parsed, cancellationToken).ConfigureAwait(false);
        });

    /// <summary>The tables may be missing, or of another version.</summary>
    public static void OnTables(this Command command, Func<IMessageStore, ToolOutput, ParseResult, CancellationToken, Task<int>> run) =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var output = new ToolOutput(Console.Out, Console.Error, parsed.GetValue(CommonOptions.Json), Console.IsOutputRedirected);
            try
            {
                var opened = StoreAddress.Find(parsed.GetValue(CommonOptions.Store)).Open(parsed.GetValue(CommonOptions.Schema));
                await using var closing = opened.ConfigureAwait(false);
                return await run(opened.Store, output, parsed, cancellationToken).ConfigureAwait(false);
            }
            catch (UsageException error)
            {
                output.Error(error.Message);
                return ExitCodes.Usage;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                output.Error("Stopped. What was committed before stays; run it again for the rest.");
                return ExitCodes.Trouble;
            }
            catch (Exception error) when (error is StoreException or DbException or InvalidOperationException or ArgumentException or TimeoutException or IOException)
            {
                output.Error(ErrorText.Trim(error.Message));
                return ExitCodes.Trouble;
            }
        });
}
