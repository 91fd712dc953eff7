using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Reliability.Generators.Model;

namespace Reliability.Generators.Parsing;

/// <summary>Decides what each parameter after the message is given: by its type, whatever the order.</summary>
internal sealed class ParameterParser(KnownTypes types, List<Problem> problems)
{
    /// <summary>True where a first parameter of this type can only be meant as something else than the message; says what it is.</summary>
    public bool IsNoMessage(ITypeSymbol type, out string whatItIs)
    {
        whatItIs = type switch
        {
            _ when RecognisedByType(type) is not null => "is given by the runtime",
            _ when type.DerivesFrom(types.DbContext) => "is part of a database",
            { TypeKind: TypeKind.Interface } => "is an interface",
            { SpecialType: not SpecialType.None } or { TypeKind: TypeKind.Enum or TypeKind.Array or TypeKind.Delegate or TypeKind.Dynamic } => "is a plain value",
            { IsTupleType: true } => "is a tuple, whose member names JSON does not know",
            { IsRefLikeType: true } or { TypeKind: TypeKind.Pointer or TypeKind.FunctionPointer } => "cannot be kept on the heap",
            { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } => "may be null, a message never is",
            _ => "",
        };
        return whatItIs.Length > 0;
    }

    /// <returns>Null where nothing can be given, after saying why.</returns>
    public ArgumentModel? Parse(IParameterSymbol parameter)
    {
        var type = parameter.Type;
        if (type.DerivesFrom(types.DbContext) && types.HandlerDbContext is null)
        {
            problems.Add(new Problem(HandlerRules.DbContextNeedsPackage, parameter.Place(), parameter.Name, parameter.ContainingSymbol.ToText(), type.ToText()));
            return null;
        }

        if (WhyUnsupplied(type) is { } reason)
        {
            problems.Add(new Problem(HandlerRules.Unsupplied, parameter.Place(), parameter.Name, parameter.ContainingSymbol.ToText(), reason));
            return null;
        }

        var name = parameter.Name.ToIdentifier();
        if (RecognisedByType(type) is { } kind)
        {
            var driverType = kind is ArgumentKind.DriverTransaction or ArgumentKind.DriverConnection or ArgumentKind.DriverBatch ? type.ToCode() : null;
            return new ArgumentModel(name, kind, driverType);
        }

        var key = parameter.FindAttribute(types.FromKeyedServices) is { ConstructorArguments: [var value, ..] } ? LiteralOf(value) : null;
        if (type.DerivesFrom(types.DbContext))
        {
            return new ArgumentModel(name, ArgumentKind.DbContext, type.ToCode(), key);
        }

        var optional = type.NullableAnnotation == NullableAnnotation.Annotated;
        return new ArgumentModel(name, optional ? ArgumentKind.OptionalService : ArgumentKind.Service, type.ToCode(), key);
    }

    private ArgumentKind? RecognisedByType(ITypeSymbol type) => type switch
    {
        _ when type.Is(types.Transaction) || type.Is(types.TransactionInterface) => ArgumentKind.Transaction,
        _ when type.DerivesFrom(types.Transaction) => ArgumentKind.DriverTransaction,
        _ when type.Is(types.Connection) || type.Is(types.ConnectionInterface) => ArgumentKind.Connection,
        _ when type.DerivesFrom(types.Connection) => ArgumentKind.DriverConnection,
        _ when type.Is(types.Batch) => ArgumentKind.Batch,
        _ when type.DerivesFrom(types.Batch) => ArgumentKind.DriverBatch,
        _ when type.Is(types.Outbox) => ArgumentKind.Outbox,
        _ when type.Is(types.MessageContext) => ArgumentKind.MessageContext,
        _ when type.Is(types.CancellationToken) => ArgumentKind.CancellationToken,
        _ when type.Is(types.Services) => ArgumentKind.Services,
        _ => null,
    };

    private string? WhyUnsupplied(ITypeSymbol type) => type switch
    {
        _ when type.Is(types.CancellationToken) => null,
        { IsValueType: true } => $"'{type.ToText()}' is a value, not a service; take an options class or a service that holds it",
        { SpecialType: not SpecialType.None and not SpecialType.System_Collections_IEnumerable } or { TypeKind: TypeKind.Dynamic } =>
            $"'{type.ToText()}' is no service; take an options class or a service that holds it",
        { TypeKind: TypeKind.Pointer or TypeKind.FunctionPointer } => "a pointer is no service",
        _ => null,
    };

    private static string? LiteralOf(TypedConstant key) => key switch
    {
        { IsNull: true } or { Kind: TypedConstantKind.Error or TypedConstantKind.Array } => null,
        { Kind: TypedConstantKind.Type, Value: ITypeSymbol type } => $"typeof({type.ToCode()})",
        { Kind: TypedConstantKind.Primitive, Value: string or char or bool or int } => Primitive(key.Value),
        { Kind: TypedConstantKind.Primitive or TypedConstantKind.Enum, Type: { } type, Value: { } value } => $"({type.ToCode()})({Primitive(value)})",
        _ => null,
    };

    private static string Primitive(object value) => SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false);
}
