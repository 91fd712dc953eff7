using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Reliability.Analyzers.Flow;

/// <summary>One property of a <c>ConnectionFactory</c>.</summary>
internal sealed record FactorySetting(CompilationFlow Flow, string Name) : ObjectShape(Flow)
{
    public override Outcomes Made(IOperation origin, Func<IOperation, Outcomes> evaluate) =>
        origin is IObjectCreationOperation { Type: { Name: "ConnectionFactory" } type } && Types.IsClientCode(type) ? Outcomes.Unset(origin) : Outcomes.Unknown;

    protected override Func<Outcomes, Outcomes>? MemberSet(Use use) => use.Index is null && use.Member?.Name == Name ? Becomes(use.Value!, use.Site) : null;

    protected override Change Called(IInvocationOperation call) => Types.IsClientCode(call.TargetMethod) ? Change.None : Change.NotFollowed;
}
