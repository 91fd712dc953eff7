using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Flow;

/// <summary>Whether message properties were made persistent: by <c>Persistent</c>, which writes the delivery mode, or by <c>DeliveryMode</c> itself.</summary>
internal sealed record DeliveryMode(CompilationFlow Flow, RabbitMqTypes Client) : ObjectShape(Flow)
{
    private const byte Persistent = 2;

    public override Outcomes Made(IOperation origin, Func<IOperation, Outcomes> evaluate)
    {
        if (origin is IDefaultValueOperation or { ConstantValue: { HasValue: true, Value: null } })
            return Outcomes.Unset(origin);

        if (!Client.CreatesProperties(origin))
            return Outcomes.Unknown;

        // The copy constructor takes the other's delivery mode along, and goes its own way from there.
        return origin is IObjectCreationOperation { Arguments: { Length: 1 } arguments } ? evaluate(arguments[0].Value) : Outcomes.Unset(origin);
    }

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

    protected override Change Called(IInvocationOperation call)
    {
        if (!Client.IsMessageProperty(call.TargetMethod) && !Types.IsClientCode(call.TargetMethod))
            return Change.NotFollowed;

        return call.TargetMethod.Name switch
        {
            "ClearDeliveryMode" => Change.Of(_ => Outcomes.Unset(call)),
            "SetPersistent" => Change.Of(Becomes(call.Arguments[call.Arguments.Length - 1].Value, call)),
            _ => Change.None,
        };
    }
}
