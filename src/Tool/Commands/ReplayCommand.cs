using System.CommandLine;

namespace Reliability.Tool.Commands;

/// <summary><c>dead-letters replay</c>.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var command = new Command("replay", "Gives dead letters to their handlers again, or sends them again; under their message ids.");
        var filter = new LetterFilterOptions(command);
        var target = new TargetOptions(command);
        var action = new LetterActionOptions(command);
        var bulk = new BulkOptions(command);
        command.OnStore(async (store, output, parsed, cancellationToken) =>
        {
            var letters = store.OpenDeadLetters();
            var which = filter.Read(parsed);
            var replay = new DeadLetterReplay { By = action.By(parsed), Note = action.Note(parsed), To = target.To(parsed), Force = target.Force(parsed) };
            return await bulk.ConfirmAsync(letters, which, "replay", output, parsed, cancellationToken).ConfigureAwait(false)
                ? await BulkOptions.RunAsync(letters, which, letters.ReplayAllAsync(which, replay, cancellationToken), output, cancellationToken).ConfigureAwait(false)
                : ExitCodes.Ok;
        });
        return command;
    }
}

/// <summary>Where dead letters go.</summary>
internal sealed class TargetOptions
{
    private readonly Option<DeadLetterTarget?> _to = new("--to")
    {
        Description = "To the handler, without the broker, or by the route: back to the queue or topic, or to where it was to go. Default: the handler for incoming, the route for outgoing letters.",
    };

    private readonly Option<bool> _force = new("--force")
    {
        Description = "Also conflicts: what is remembered of the operation is forgotten, and it is done once more.",
    };

    public TargetOptions(Command command)
    {
        command.Options.Add(_to);
        command.Options.Add(_force);
    }

    public DeadLetterTarget? To(ParseResult parsed) => parsed.GetValue(_to);

    public bool Force(ParseResult parsed) => parsed.GetValue(_force);
}
