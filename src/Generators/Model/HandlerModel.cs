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
/// <param name="DedupeKey">Null: the message id.</param>
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
    KeyModel? DedupeKey,
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
/// <param name="Attempts">Null: not written, the runtime's default.</param>
/// <param name="Group">Null: not written, the runtime's default.</param>
internal sealed record SubscriptionModel(string Transport, string Source, string Name, int? Attempts, int? Group);

/// <summary>What a parameter is given.</summary>
/// <param name="Parameter">The user's own name of it.</param>
/// <param name="Kind">Where the value comes from.</param>
/// <param name="Type">The type asked for, where the kind needs it.</param>
/// <param name="ServiceKey">The key of a keyed service, as a C# literal.</param>
internal sealed record ArgumentModel(string Parameter, ArgumentKind Kind, string? Type = null, string? ServiceKey = null);

/// <summary>
/// Where an argument comes from. A batch of the group's commands, several messages at once and a DbContext will be further kinds.
/// </summary>
internal enum ArgumentKind
{
    Transaction,
    DriverTransaction,
    Connection,
    DriverConnection,
    Outbox,
    MessageContext,
    CancellationToken,
    Services,
    Service,
    OptionalService,
}
