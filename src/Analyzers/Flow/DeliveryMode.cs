using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Flow;

/// <summary>Whether message properties were made persistent: by <c>Persistent</c>, which writes the delivery mode, or by <c>DeliveryMode</c> itself.</summary>
internal sealed record DeliveryMode(CompilationFlow Flow, RabbitMqTypes Client) : MessageProperties(Flow, Client)
{
    private const byte Persistent = 2;

    /// <summary>Whether what was set leaves the message transient; null stands for never set, and is the answer for what cannot be read.</summary>
    public static bool? IsTransient(object? value) => value switch
    {
        null => true,
        bool persistent => !persistent,
        byte or int or short or ushort or uint or long => Convert.ToInt64(value, null) != Persistent,
        _ => null,
    };

    protected override Func<Outcomes, Outcomes>? MemberSet(Use use) =>
        use.Member is { Name: "Persistent" or "DeliveryMode" } ? Becomes(use.Value!, use.Site) : null;

    protected override Change CalledOnProperties(IInvocationOperation call) => call.TargetMethod.Name switch
    {
        "ClearDeliveryMode" => Change.Of(_ => Outcomes.Unset(call)),
        "SetPersistent" => Change.Of(Becomes(call.Arguments[call.Arguments.Length - 1].Value, call)),
        _ => Change.None,
    };
}
