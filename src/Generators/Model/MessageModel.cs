namespace Reliability.Generators.Model;

/// <summary>A message type.</summary>
/// <param name="Type">The type, as generated code writes it.</param>
/// <param name="Name">Its name on the wire.</param>
/// <param name="JsonContext">The JSON context that reads and writes it, as generated code writes it.</param>
/// <param name="Route">Where it is published, or null.</param>
internal sealed record MessageModel(string Type, string Name, string JsonContext, RouteModel? Route);

/// <summary>What <c>[PublishTo]</c> says.</summary>
internal sealed record RouteModel(string Address, string? Transport, KeyModel? Key);

/// <summary>How to read a key's text from a message.</summary>
/// <param name="Path">As the user wrote it.</param>
/// <param name="Access">As C# after the message: <c>.Order?.Id</c>.</param>
/// <param name="Conversion">A cast in front, where a <c>KeyText.Of</c> has no overload for the type itself; else empty.</param>
internal sealed record KeyModel(string Path, string Access, string Conversion)
{
    /// <summary>The expression for a message's key text, or null.</summary>
    public string TextOf(string message) => $"global::Reliability.KeyText.Of({Conversion}{message}{Access})";
}

/// <summary>How a handler finds the text that identifies an operation: by members of the message, or by a method of the user's.</summary>
/// <param name="Members">One member, or several that are joined.</param>
/// <param name="Method">Instead of members.</param>
internal sealed record DedupeModel(EquatableArray<KeyModel> Members, KeyMethodModel? Method);

/// <summary>A static method that returns a message's dedupe key.</summary>
/// <param name="DeclaringType">The handler's type, as generated code writes it.</param>
/// <param name="Name">The method, as C#.</param>
/// <param name="TakesEnvelope">True where it also takes the envelope.</param>
internal sealed record KeyMethodModel(string DeclaringType, string Name, bool TakesEnvelope);

/// <summary>The shape of what a handler returns: a message, or messages in sequences and tuples.</summary>
/// <param name="Kind">Which of these.</param>
/// <param name="MayBeNull">Null means that there is nothing to publish.</param>
/// <param name="Parts">The elements of a tuple, or the one element type of a sequence.</param>
/// <param name="Message">The message's type.</param>
/// <param name="TupleMember">Its name in the tuple around it.</param>
internal sealed record ResultModel(
    ResultKind Kind,
    bool MayBeNull,
    EquatableArray<ResultModel> Parts,
    MessageModel? Message,
    string? TupleMember = null);

internal enum ResultKind
{
    Message,
    Tuple,
    Sequence,
    AsyncSequence,
}

/// <summary>A context named by <c>[assembly: HandlerJson]</c>, and the messages in it that have a route.</summary>
internal sealed record JsonContextModel(string Type, EquatableArray<MessageModel> Published);
