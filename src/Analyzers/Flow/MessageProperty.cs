using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Flow;

/// <summary>One property of a message (<c>MessageId</c>, <c>Headers</c>): what fresh or copied message properties were given for it.</summary>
internal sealed record MessageProperty(CompilationFlow Flow, RabbitMqTypes Client, string Name) : MessageProperties(Flow, Client)
{
    protected override Func<Outcomes, Outcomes>? MemberSet(Use use) => use.Index is null && use.Member?.Name == Name ? Becomes(use.Value!, use.Site) : null;

    protected override Change CalledOnProperties(IInvocationOperation call) =>
        call.TargetMethod.Name == "Clear" + Name ? Change.Of(_ => Outcomes.Unset(call)) : Change.None;
}
