using Microsoft.CodeAnalysis;

namespace Reliability.Generators;

/// <summary>What can be wrong with a handler. All are errors: no wrapper is written for such a handler, so it would silently receive nothing.</summary>
internal static class HandlerRules
{
    public static readonly DiagnosticDescriptor Unreachable = Rule("REL4001", "Handler cannot be reached",
        "Handler '{0}' cannot be called by generated code: {1}");

    public static readonly DiagnosticDescriptor Generic = Rule("REL4002", "Handler is generic",
        "Handler '{0}' is generic or inside a generic type, so its message type is unknown: write a non-generic method that calls it");

    public static readonly DiagnosticDescriptor NoMessage = Rule("REL4003", "Handler has no message parameter",
        "Handler '{0}' takes no message: {1}. Make the message, a class, record or struct of yours, its first parameter.");

    public static readonly DiagnosticDescriptor ByReference = Rule("REL4004", "Handler takes or returns by reference",
        "Handler '{0}' {1} by reference, which a handler cannot: remove the modifier");

    public static readonly DiagnosticDescriptor Unsupplied = Rule("REL4005", "Handler parameter cannot be supplied",
        "Parameter '{0}' of handler '{1}' cannot be supplied: {2}");

    public static readonly DiagnosticDescriptor AsyncVoid = Rule("REL4006", "Handler is async void",
        "Handler '{0}' is async void, so the message would be acknowledged before it is handled: return Task or ValueTask");

    public static readonly DiagnosticDescriptor KeyMemberMissing = Rule("REL4007", "Key member does not exist",
        "{0} '{1}' does not exist: '{2}' has no readable field or property '{3}' that generated code can reach");

    public static readonly DiagnosticDescriptor KeyHasNoStableText = Rule("REL4008", "Key member has no stable text",
        "{0} '{1}' is of type '{2}', which has no text that is the same everywhere: use a string, Guid, integer, enum or DateOnly member");

    public static readonly DiagnosticDescriptor NoRoute = Rule("REL4009", "Returned message has no route",
        "Handler '{0}' returns '{1}', which has no route: add [PublishTo(\"…\")] to the type, or publish through an IOutbox parameter");

    public static readonly DiagnosticDescriptor NotInJsonContext = Rule("REL4010", "Message type is not in the JSON context",
        "Message type '{0}' is in no JSON context of this assembly: add [JsonSerializable(typeof({0}))] to '{1}'");

    public static readonly DiagnosticDescriptor NoJsonContext = Rule("REL4011", "No JSON context",
        "{0}: name a JsonSerializerContext that lists your message types by [assembly: HandlerJson(typeof(…))]");

    public static readonly DiagnosticDescriptor DuplicateName = Rule("REL4012", "Two handlers have one name",
        "Handlers '{0}' and '{1}' are both named '{2}', so each would drop what the other has handled: set Name on one of them");

    public static readonly DiagnosticDescriptor HandledTwice = Rule("REL4013", "Messages of one queue are handled twice",
        "Messages '{0}' of {1} '{2}' are handled by '{3}' and again by '{4}': only one handler can receive a message of a queue or topic");

    public static readonly DiagnosticDescriptor BelowOne = Rule("REL4014", "Limit is below one",
        "{0} is {1}: it must be at least 1");

    public static readonly DiagnosticDescriptor EmptyName = Rule("REL4015", "Name is empty",
        "The {0} is empty: write the name");

    public static readonly DiagnosticDescriptor SeveralDedupeKeys = Rule("REL4016", "Dedupe key is given in several ways",
        "{0} are both set on handler '{1}', so it is undecided what identifies an operation: keep one of them");

    public static readonly DiagnosticDescriptor KeyMethodUnusable = Rule("REL4017", "Key method cannot be called",
        "KeyMethod '{0}' of handler '{1}' cannot be called: {2}. Write 'internal static string? {0}({3} message)', with an Envelope as second parameter if you need it.");

    public static readonly DiagnosticDescriptor KeyMemberTwice = Rule("REL4018", "Key member is named twice",
        "DedupeKeys names '{0}' twice: name each member once");

    public static readonly DiagnosticDescriptor DurationOutOfRange = Rule("REL4019", "Duration is out of range",
        "{0} is {1}: it must be between 0 (the runtime's default) and {2}");

    public static readonly DiagnosticDescriptor NoException = Rule("REL4020", "Type is no exception",
        "{0} names '{1}', which {2}");

    public static readonly DiagnosticDescriptor ExceptionTwice = Rule("REL4021", "Exception has two outcomes",
        "'{0}' is in DeadLetterOn and in StopOn of handler '{1}': a message cannot become a dead letter and also be kept");

    public static readonly DiagnosticDescriptor FormerNameInUse = Rule("REL4022", "Former name is in use",
        "Former name '{0}' of handler '{1}' is {2}: what is remembered under it would change hands");

    public static readonly DiagnosticDescriptor DbContextNeedsPackage = Rule("REL4023", "DbContext needs a package",
        "Parameter '{0}' of handler '{1}' is a '{2}', which nothing enlists in the handler's transaction: add the package Reliability.EntityFrameworkCore");

    public static readonly DiagnosticDescriptor BatchAndMore = Rule("REL4024", "Handler adds to a batch and sends by itself",
        "Handler '{0}' adds commands to '{1}', which are sent after it has ended, and sends others at once through '{2}', so they would run in another order than written: keep one of the two parameters");

    /// <summary>All of them, by id.</summary>
    public static IReadOnlyList<DiagnosticDescriptor> All { get; } =
    [
        Unreachable, Generic, NoMessage, ByReference, Unsupplied, AsyncVoid, KeyMemberMissing, KeyHasNoStableText,
        NoRoute, NotInJsonContext, NoJsonContext, DuplicateName, HandledTwice, BelowOne, EmptyName,
        SeveralDedupeKeys, KeyMethodUnusable, KeyMemberTwice, DurationOutOfRange, NoException, ExceptionTwice, FormerNameInUse, DbContextNeedsPackage,
        BatchAndMore,
    ];

    private static DiagnosticDescriptor Rule(string id, string title, string message) => new(
        id, title, message, "Handlers", DiagnosticSeverity.Error, isEnabledByDefault: true,
        helpLinkUri: $"https://github.com/reliability-dotnet/reliability/blob/main/docs/rules/{id}.md",
        customTags: WellKnownDiagnosticTags.NotConfigurable);
}
