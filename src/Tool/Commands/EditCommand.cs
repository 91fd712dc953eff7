using System.CommandLine;

namespace Reliability.Tool.Commands;

/// <summary><c>dead-letters edit</c>: changes one letter's message, and replays it.</summary>
internal static class EditCommand
{
    public static Command Create()
    {
        var id = new Argument<long>("id") { Description = "The dead letter's number." };
        var body = new Option<string?>("--body") { Description = "A file with the new body; - reads standard input.", HelpName = "file" };
        var set = new Option<string[]>("--header") { Description = "Sets a header: name=value. Can be repeated.", HelpName = "name=value" };
        var remove = new Option<string[]>("--remove-header") { Description = "Takes a header away. Can be repeated.", HelpName = "name" };
        var messageId = new Option<string?>("--message-id") { Description = "Another message id; also another dedupe key, for handlers that name none." };
        var messageName = new Option<string?>("--message-name") { Description = "Another message name." };
        var command = new Command("edit", "Changes one dead letter's message and replays it in the same step.") { id, body, set, remove, messageId, messageName };
        var target = new TargetOptions(command);
        var action = new LetterActionOptions(command);
        command.OnStore(async (store, output, parsed, cancellationToken) =>
        {
            var edit = new DeadLetterEdit
            {
                Body = parsed.GetValue(body) is { } file ? await ReadAsync(file, cancellationToken).ConfigureAwait(false) : null,
                Headers = Headers(parsed.GetValue(set) ?? [], parsed.GetValue(remove) ?? []),
                MessageId = parsed.GetValue(messageId),
                MessageName = parsed.GetValue(messageName),
            };
            if (edit == new DeadLetterEdit())
            {
                throw new UsageException("What is to be changed? Give --body, --header, --remove-header, --message-id or --message-name; or replay it as it is.");
            }

            var replay = new DeadLetterReplay
            {
                By = action.By(parsed),
                Note = action.Note(parsed),
                To = target.To(parsed),
                Force = target.Force(parsed),
                Edit = edit,
            };
            var sum = new OutcomeSum();
            sum.Add(await store.OpenDeadLetters().ReplayAsync(parsed.GetValue(id), replay, cancellationToken).ConfigureAwait(false));
            return sum.Write(output);
        });
        return command;
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(string file, CancellationToken cancellationToken)
    {
        if (file != "-")
        {
            return await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false);
        }

        using var read = new MemoryStream();
        var input = Console.OpenStandardInput();
        await using var closing = input.ConfigureAwait(false);
        await input.CopyToAsync(read, cancellationToken).ConfigureAwait(false);
        return read.ToArray();
    }

    private static Dictionary<string, string?>? Headers(string[] set, string[] remove)
    {
        var headers = remove.ToDictionary(name => name, _ => (string?)null);
        foreach (var header in set)
        {
            var equals = header.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw new UsageException("--header must be name=value.");
            }

            headers[header[..equals]] = header[(equals + 1)..];
        }

        return headers.Count == 0 ? null : headers;
    }
}
