using System.Text.Json.Serialization;

namespace Reliability.Tool.Output;

// What --json writes. Members are only ever added.

internal sealed record StatusDocument(
    string Store, SchemaDocument Schema, DeadLetterCounts DeadLetters, IReadOnlyList<BacklogDocument> Outbox, IReadOnlyList<DeferredDocument> Deferred,
    IReadOnlyList<HandledDocument> Inbox, IReadOnlyList<string> Trouble);

internal sealed record SchemaDocument(string Store, int Version, int Known, bool Matches);

internal sealed record DeadLetterCounts(long Incoming, long Outgoing);

internal sealed record BacklogDocument(string Transport, string Route, long Messages, long Failing, DateTimeOffset OldestAt, double AgeSeconds);

internal sealed record DeferredDocument(string Handler, long Messages, DateTimeOffset OldestAt, double AgeSeconds);

internal sealed record HandledDocument(string Handler, long Handled, long Duplicates);

internal sealed record MessageDocument(
    string MessageId, string State, DateTimeOffset At, string? Transport, string? Route, int Attempts, IReadOnlyList<ReceiptDocument> Receipts);

internal sealed record ReceiptDocument(string Handler, bool Consumed, string? Reason, DateTimeOffset At);

internal sealed record LettersDocument(IReadOnlyList<LetterDocument> Letters, long? Next);

internal sealed record LetterDocument(
    long Id, string Direction, string? Handler, string Transport, string Source, string MessageId, string? MessageName, string? Key, string? DedupeKey,
    string Reason, string Error, int Attempts, DateTimeOffset FirstAt, DateTimeOffset At, int BodyBytes, IReadOnlyList<string> HeaderNames)
{
    /// <summary>Only where they are asked for.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>Only where it is asked for, and it is UTF-8.</summary>
    public string? Body { get; init; }

    /// <summary>Only where it is asked for, and it is not.</summary>
    public string? BodyBase64 { get; init; }
}

internal sealed record ActionDocument(
    long Id, long DeadLetterId, string MessageId, string Target, string Kind, string By, string? Note, DateTimeOffset At);

internal sealed record ActionsDocument(IReadOnlyList<ActionDocument> Actions, long? Next);

internal sealed record OutcomesDocument(int Replayed, int Discarded, int Gone, int Refused, IReadOnlyList<RefusalDocument> Refusals);

internal sealed record RefusalDocument(long Id, string Reason);

internal sealed record AppliedDocument(string Store, int Before, int After);

internal sealed record ScriptDocument(int From, int To, string Sql);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(IReadOnlyList<BacklogDocument>))]
[JsonSerializable(typeof(MessageDocument))]
[JsonSerializable(typeof(LetterDocument))]
[JsonSerializable(typeof(LettersDocument))]
[JsonSerializable(typeof(ActionsDocument))]
[JsonSerializable(typeof(OutcomesDocument))]
[JsonSerializable(typeof(SchemaDocument))]
[JsonSerializable(typeof(AppliedDocument))]
[JsonSerializable(typeof(ScriptDocument))]
internal sealed partial class ToolJson : JsonSerializerContext;
