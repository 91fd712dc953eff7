namespace Reliability;

/// <summary>
/// The message's name on the wire, by which a queue with several handlers finds the right one. Default: the type's own name without its namespace.
/// Pin it before you rename the type.
/// </summary>
/// <param name="name">A short, stable text.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class MessageNameAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;
}
