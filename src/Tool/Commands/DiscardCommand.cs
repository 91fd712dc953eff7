using System.CommandLine;

namespace Reliability.Tool.Commands;

/// <summary><c>dead-letters discard</c>.</summary>
internal static class DiscardCommand
{
    public static Command Create()
    {
        var command = new Command("discard", "Deletes dead letters for good. Export them before, where somebody may want them.");
        var filter = new LetterFilterOptions(command);
        var action = new LetterActionOptions(command);
        var bulk = new BulkOptions(command);
        command.OnStore(async (store, output, parsed, cancellationToken) =>
        {
            var letters = store.OpenDeadLetters();
            var which = filter.Read(parsed);
            var discard = new DeadLetterDiscard { By = action.By(parsed), Note = action.Note(parsed) };
            return await bulk.ConfirmAsync(letters, which, "discard", output, parsed, cancellationToken).ConfigureAwait(false)
                ? await BulkOptions.RunAsync(letters, which, letters.DiscardAllAsync(which, discard, cancellationToken), output, cancellationToken).ConfigureAwait(false)
                : ExitCodes.Ok;
        });
        return command;
    }
}
