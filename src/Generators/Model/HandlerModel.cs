namespace Reliability.Generators.Model;

/// <summary>One wrapper to write: a method, how to call it, and where its messages come from. Plain values, so that equal means unchanged.</summary>
/// <param name="DeclaringType">The method's type, as generated code writes it.</param>
/// <param name="DisplayName">The method for people: <c>Shop.Billing.IssueAsync</c>.</param>
/// <param name="Method">The method's name.</param>
/// <param name="Signature">Tells overloads apart.</param>
/// <param name="IsStatic">Otherwise its type comes from the message's service scope.</param>
/// <param name="MessageParameter">The user's own name of the first parameter.</param>
/// <param name="Message">What the first parameter takes.</param>
/// <param name="Arguments">The other parameters, in order.</param>
/// <param name="Awaiting">What the call gives back to wait for.</param>
/// <param name="Result">What the method returns for the outbox, or null.</param>
/// <param name="Dedupe">Null: the message id.</param>
/// <param name="OrderKey">Null: no order.</param>
/// <param name="Subscriptions">One for each attribute with these keys.</param>
internal sealed record HandlerModel(
    string DeclaringType,
    string DisplayName,
    string Method,
    string Signature,
    bool IsStatic,
    string MessageParameter,
    MessageModel Message,
    EquatableArray<ArgumentModel> Arguments,
    Awaiting Awaiting,
    ResultModel? Result,
    DedupeModel? Dedupe,
    KeyModel? OrderKey,
    EquatableArray<SubscriptionModel> Subscriptions);

/// <summary>What a method's call gives back to wait for.</summary>
internal enum Awaiting
{
    Nothing,
    Task,
    ValueTask,
}

/// <summary>One handler attribute.</summary>
/// <param name="Transport">The member of <c>TransportNames</c>.</param>
/// <param name="Source">The queue or topic.</param>
/// <param name="Name">The handler's name.</param>
/// <param name="Settings">What else it says: properties of the descriptor. What is not written is the runtime's default.</param>
internal sealed record SubscriptionModel(string Transport, string Source, string Name, SettingsModel Settings);

/// <summary>The settings of a handler attribute that go into its descriptor.</summary>
/// <param name="Attempts">How often it is tried.</param>
/// <param name="Group">The most messages of a transaction.</param>
/// <param name="DedupeByOffset">Whether a message is known by its offset.</param>
/// <param name="FormerNames">Names it had before.</param>
/// <param name="TimeoutSeconds">How long a run may take.</param>
/// <param name="RetentionHours">How long handled messages are remembered.</param>
/// <param name="DeadLetterOn">Exceptions, as generated code writes them.</param>
/// <param name="StopOn">Exceptions, as generated code writes them.</param>
internal sealed record SettingsModel(
    int? Attempts,
    int? Group,
    bool DedupeByOffset,
    EquatableArray<string> FormerNames,
    double? TimeoutSeconds,
    double? RetentionHours,
    EquatableArray<string> DeadLetterOn,
    EquatableArray<string> StopOn);

/// <summary>What a parameter is given.</summary>
/// <param name="Parameter">The user's own name of it.</param>
/// <param name="Kind">Where the value comes from.</param>
/// <param name="Type">The type asked for, where the kind needs it.</param>
/// <param name="ServiceKey">The key of a keyed service, as a C# literal.</param>
internal sealed record ArgumentModel(string Parameter, ArgumentKind Kind, string? Type = null, string? ServiceKey = null);

/// <summary>Where an argument comes from. Several messages at once will be a further kind.</summary>
internal enum ArgumentKind
{
    Transaction,
    DriverTransaction,
    Connection,
    DriverConnection,
    Batch,
    DriverBatch,
    DbContext,
    Outbox,
    MessageContext,
    CancellationToken,
    Services,
    Service,
    OptionalService,
}
