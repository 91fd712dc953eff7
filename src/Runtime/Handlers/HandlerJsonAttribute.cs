namespace Reliability;

/// <summary>
/// Names the <c>System.Text.Json.Serialization.JsonSerializerContext</c> that reads and writes this assembly's messages. Its generated metadata
/// is used instead of reflection, so handlers can be trimmed and compiled ahead of time.
/// </summary>
/// <param name="context">A context with <c>[JsonSerializable(typeof(T))]</c> for every message type.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class HandlerJsonAttribute(Type context) : Attribute
{
    /// <summary>The context's type.</summary>
    public Type Context { get; } = context;
}
