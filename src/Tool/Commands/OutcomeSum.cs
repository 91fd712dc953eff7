using Reliability.Tool.Output;

namespace Reliability.Tool.Commands;

/// <summary>What became of several letters.</summary>
internal sealed class OutcomeSum
{
    private readonly HashSet<long> _seen = [];
    private readonly Dictionary<DeadLetterResult, int> _counts = [];
    private readonly List<RefusalDocument> _refusals = [];

    public void Add(DeadLetterOutcome outcome)
    {
        _seen.Add(outcome.Id);
        _counts[outcome.Result] = Count(outcome.Result) + 1;
        if (outcome.Result == DeadLetterResult.Refused)
        {
            _refusals.Add(new RefusalDocument(outcome.Id, outcome.Reason ?? ""));
        }
    }

    public bool Has(long id) => _seen.Contains(id);

    public int Write(ToolOutput output)
    {
        var document = new OutcomesDocument(
            Count(DeadLetterResult.Replayed), Count(DeadLetterResult.Discarded), Count(DeadLetterResult.Gone), Count(DeadLetterResult.Refused), _refusals);
        if (output.IsJson)
        {
            output.Json(document, ToolJson.Default.OutcomesDocument);
        }
        else
        {
            output.Line(string.Join(", ", new[]
            {
                Said(document.Replayed, "replayed"), Said(document.Discarded, "discarded"), Said(document.Gone, "gone already"), Said(document.Refused, "refused"),
            }.OfType<string>().DefaultIfEmpty("No dead letter matches.")));
            _refusals.ForEach(refusal => output.Error($"{refusal.Id}: {refusal.Reason}"));
        }

        return document.Refused == 0 ? ExitCodes.Ok : ExitCodes.Trouble;
    }

    private int Count(DeadLetterResult result) => _counts.GetValueOrDefault(result);

    private static string? Said(int count, string what) => count == 0 ? null : $"{Cells.Of(count)} {what}";
}
