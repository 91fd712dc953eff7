using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Flow;

/// <summary>What is followed of message properties: how they are made and copied, and which calls are about them.</summary>
internal abstract record MessageProperties(CompilationFlow Flow, RabbitMqTypes Client) : ObjectShape(Flow)
{
    public sealed override Outcomes Made(IOperation origin, Func<IOperation, Outcomes> evaluate)
    {
        if (origin is IDefaultValueOperation or { ConstantValue: { HasValue: true, Value: null } })
            return Outcomes.Unset(origin);

        if (!Client.CreatesProperties(origin))
            return Outcomes.Unknown;

        // The copy constructor takes the other's values along, and goes its own way from there.
        return origin is IObjectCreationOperation { Arguments: { Length: 1 } arguments } ? evaluate(arguments[0].Value) : Outcomes.Unset(origin);
    }

    protected sealed override Change Called(IInvocationOperation call) =>
        Client.IsMessageProperty(call.TargetMethod) || Types.IsClientCode(call.TargetMethod) ? CalledOnProperties(call) : Change.NotFollowed;

    /// <summary>What a method of the client's changes.</summary>
    protected abstract Change CalledOnProperties(IInvocationOperation call);
}
