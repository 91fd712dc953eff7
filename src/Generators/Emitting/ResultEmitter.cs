using Reliability.Generators.Model;

namespace Reliability.Generators.Emitting;

/// <summary>Writes the statements that hand a handler's results to the outbox.</summary>
internal sealed class ResultEmitter(CodeWriter code, LocalNames names, string context)
{
    public static bool HasAsyncSequence(ResultModel? result) =>
        result is not null && (result.Kind == ResultKind.AsyncSequence || result.Parts.Any(HasAsyncSequence));

    /// <param name="value">The expression that holds the result.</param>
    /// <param name="result">Its shape.</param>
    public void Emit(string value, ResultModel result)
    {
        if (result.MayBeNull)
        {
            var present = names.Take(result.Kind == ResultKind.Message ? "published" : "results");
            code.Block($"if ({value} is {{ }} {present})", () => EmitPresent(present, result));
        }
        else
        {
            EmitPresent(value, result);
        }
    }

    private void EmitPresent(string value, ResultModel result)
    {
        switch (result.Kind)
        {
            case ResultKind.Message:
                code.Line($"{context}.Outbox.Publish({value});");
                break;
            case ResultKind.Tuple:
                foreach (var part in result.Parts)
                {
                    Emit($"{value}.{part.TupleMember}", part);
                }

                break;
            case ResultKind.Sequence:
                EmitEach("foreach", value, result);
                break;
            default:
                EmitEach("await foreach", $"{value}.WithCancellation({context}.CancellationToken).ConfigureAwait(false)", result);
                break;
        }
    }

    private void EmitEach(string loop, string sequence, ResultModel result)
    {
        var item = names.Take("item");
        code.Block($"{loop} (var {item} in {sequence})", () => Emit(item, result.Parts[0]));
    }
}
