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
                for (var i = 0; i < result.Parts.Count; i++)
                {
                    if (i > 0 && (result.Parts[i - 1].MayBeNull || result.Parts[i - 1].Kind is ResultKind.Sequence or ResultKind.AsyncSequence))
                    {
                        code.Line();
                    }

                    Emit($"{value}.{result.Parts[i].TupleMember}", result.Parts[i]);
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
