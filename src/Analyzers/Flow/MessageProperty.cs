using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Flow;

/// <summary>One property of a message (<c>MessageId</c>, <c>Headers</c>): what fresh or copied message properties were given for it.</summary>
internal sealed record MessageProperty(CompilationFlow Flow, RabbitMqTypes Client, string Name) : ObjectShape(Flow)
{
    public override Outcomes Made(IOperation origin, Func<IOperation, Outcomes> evaluate)
    {
        if (origin is IDefaultValueOperation or { ConstantValue: { HasValue: true, Value: null } })
            return Outcomes.Unset(origin);

        if (!Client.CreatesProperties(origin))
            return Outcomes.Unknown;

        return origin is IObjectCreationOperation { Arguments: { Length: 1 } arguments } ? evaluate(arguments[0].Value) : Outcomes.Unset(origin);
    }

    protected override Func<Outcomes, Outcomes>? MemberSet(Use use) => use.Index is null && use.Member?.Name == Name ? Becomes(use.Value!, use.Site) : null;

    protected override Change Called(IInvocationOperation call)
    {
        if (!Client.IsMessageProperty(call.TargetMethod) && !Types.IsClientCode(call.TargetMethod))
            return Change.NotFollowed;

        return call.TargetMethod.Name == "Clear" + Name ? Change.Of(_ => Outcomes.Unset(call)) : Change.None;
    }
}
