using System.CommandLine;
using System.Text;
using Reliability.Tool.Output;

namespace Reliability.Tool.Commands;

/// <summary><c>dead-letters export</c>: whole letters, bodies and headers included, one JSON document a line.</summary>
internal static class ExportCommand
{
    private const int Page = 100;

    public static Command Create()
    {
        var file = new Option<string?>("--output", "-o") { Description = "The file, which must not exist yet. Default: standard output.", HelpName = "file" };
        var command = new Command("export", "Writes dead letters with their bodies and headers, one JSON document a line. They may hold personal data and secrets: mind where they go.") { file };
        var filter = new LetterFilterOptions(command);
        command.OnStore(async (store, output, parsed, cancellationToken) =>
        {
            var name = parsed.GetValue(file);
            var stream = name is null ? Console.OpenStandardOutput() : new FileStream(name, NewFile());
            await using var closing = stream.ConfigureAwait(false);
            var count = await WriteAsync(store, filter.Read(parsed), stream, cancellationToken).ConfigureAwait(false);
            if (name is not null)
            {
                output.Error($"{Cells.Of(count)} dead letters written to {name}");
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static async Task<long> WriteAsync(IMessageStore store, DeadLetterFilter filter, Stream stream, CancellationToken cancellationToken)
    {
        long count = 0, last = 0;
        while (true)
        {
            var page = await store.DeadLetters.ListAsync(filter, last, Page, cancellationToken).ConfigureAwait(false);
            foreach (var letter in page)
            {
                var line = ToolOutput.Text(LetterDocuments.Of(letter, headers: true, body: true), ToolJson.Default.LetterDocument);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(line + '\n'), cancellationToken).ConfigureAwait(false);
                (count, last) = (count + 1, letter.Id);
            }

            if (page.Count < Page)
            {
                return count;
            }
        }
    }

    /// <summary>For its owner's eyes only, where the system knows such a thing.</summary>
    private static FileStreamOptions NewFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
