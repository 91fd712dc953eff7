using System.CommandLine;
using Reliability.Tool.Output;
using Spectre.Console;

namespace Reliability.Tool.Commands;

/// <summary>Acts on every letter that a filter matches: asks first, shows how far it is, sums up.</summary>
internal sealed class BulkOptions
{
    private readonly Option<bool> _all = new("--all") { Description = "Every dead letter: needed where neither numbers nor a filter are given." };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Does not ask." };

    public BulkOptions(Command command)
    {
        command.Options.Add(_all);
        command.Options.Add(_yes);
    }

    /// <summary>Refuses, or asks, where more is meant than letters that were named by number.</summary>
    /// <returns>False where the answer was no.</returns>
    public async Task<bool> ConfirmAsync(IDeadLetters letters, DeadLetterFilter filter, string verb, ToolOutput output, ParseResult parsed, CancellationToken cancellationToken)
    {
        if (filter == DeadLetterFilter.All && !parsed.GetValue(_all))
        {
            throw new UsageException($"Which dead letters? Give their numbers, a filter such as --handler, or --all.");
        }

        if (filter.Ids is not null || parsed.GetValue(_yes))
        {
            return true;
        }

        var count = await letters.CountAsync(filter, cancellationToken).ConfigureAwait(false);
        if (!output.IsInteractive || output.IsJson)
        {
            throw new UsageException($"This would {verb} {Cells.Of(count)} dead letters, and nobody is there to be asked: give --yes.");
        }

        return count > 0 && await new ConfirmationPrompt($"{verb} {Cells.Of(count)} dead letters?") { DefaultValue = false }.ShowAsync(output.Terminal, cancellationToken).ConfigureAwait(false);
    }

    public static async Task<int> RunAsync(
        IDeadLetters letters, DeadLetterFilter filter, IAsyncEnumerable<DeadLetterOutcome> outcomes, ToolOutput output, CancellationToken cancellationToken)
    {
        var sum = new OutcomeSum();
        if (output.IsInteractive && !output.IsJson && filter.Ids is null)
        {
            var count = await letters.CountAsync(filter, cancellationToken).ConfigureAwait(false);
            await output.Terminal.Progress().StartAsync(async progress =>
            {
                var task = progress.AddTask("dead letters", maxValue: Math.Max(1, count));
                await foreach (var outcome in outcomes.WithCancellation(cancellationToken).ConfigureAwait(false))
                {
                    sum.Add(outcome);
                    task.Increment(1);
                }
            }).ConfigureAwait(false);
        }
        else
        {
            await foreach (var outcome in outcomes.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                sum.Add(outcome);
            }
        }

        // Numbers that match nothing are gone as well: whoever repeats a command is told so.
        foreach (var gone in filter.Ids?.Where(id => !sum.Has(id)) ?? [])
        {
            sum.Add(new DeadLetterOutcome(gone, DeadLetterResult.Gone));
        }

        return sum.Write(output);
    }
}
