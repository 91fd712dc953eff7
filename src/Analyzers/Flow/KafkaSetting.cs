using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Flow;

/// <summary>
/// One librdkafka setting of a configuration (<c>ProducerConfig</c>, <c>ConsumerConfig</c>, <c>ClientConfig</c>) or of the dictionary behind it, under any of its names.
/// </summary>
internal sealed record KafkaSetting(CompilationFlow Flow, string Key) : DictionarySetting(Flow, Key)
{
    private KafkaTypes Kafka => Types.Kafka!;

    /// <summary>A configuration made from another, or from a dictionary, does not copy it: both go on writing to the same one.</summary>
    public override IOperation? SharedBy(IOperation creation) =>
        creation is IObjectCreationOperation { Arguments: { Length: 1 } arguments } && IsClientsOwn(creation.Type) ? arguments[0].Value : null;

    /// <summary>A subclass may set anything in its constructor.</summary>
    public override bool IsBuiltInView(ITypeSymbol? type) => Kafka.IsConfig(type) && !Types.IsClientCode(type!);

    public override bool IsInjected(ITypeSymbol type) => IsClientsOwn(type);

    public override Outcomes Made(IOperation origin, Func<IOperation, Outcomes> evaluate)
    {
        if (origin is not IObjectCreationOperation creation || !Kafka.IsConfig(creation.Type))
            return base.Made(origin, evaluate);

        if (!IsClientsOwn(creation.Type))
            return Outcomes.Unknown;

        return SharedBy(creation) is { } shared ? evaluate(shared) : Outcomes.Unset(creation);
    }

    protected override string Canonical(string key) => KafkaKeys.Canonical(key);

    protected override Func<Outcomes, Outcomes>? MemberSet(Use use)
    {
        if (!Kafka.IsConfig(use.Member?.ContainingType))
            return base.MemberSet(use);

        if (!Types.IsClientCode(use.Member!))
            return static _ => Outcomes.Unknown;

        return KafkaKeys.OfProperty(use.Member!.Name) == Key ? Becomes(use.Value!, use.Site) : null;
    }

    protected override Change Called(IInvocationOperation call)
    {
        if (!Kafka.IsConfig(call.TargetMethod.ContainingType))
            return base.Called(call);

        if (!Types.IsClientCode(call.TargetMethod))
            return Change.NotFollowed;

        return call.TargetMethod.Name == "Set" && call.Arguments.Length == 2
            ? new Change(true, SetKey(call.Argument("key")!.Value, call.Argument("val")!.Value, call))
            : Change.None;
    }

    protected override bool IsInView(ISymbol member, bool isOwned) =>
        member switch { IFieldSymbol field => field.Type, IPropertySymbol property => property.Type, _ => null } is { } type && IsClientsOwn(type) && Flow.Members.AreAllUsesInView(member, isOwned);

    private bool IsClientsOwn(ITypeSymbol? type) => type is not null && Kafka.IsConfig(type) && Types.IsClientCode(type);
}
