using Microsoft.CodeAnalysis;
using Reliability.Generators.Model;

namespace Reliability.Generators.Parsing;

/// <summary>
/// From a marked method to what is written for it. The generator and the analyzer both use it, so what the one leaves out the other explains.
/// </summary>
internal sealed class HandlerParser
{
    private readonly KnownTypes _types;
    private readonly List<Problem> _problems;
    private readonly CancellationToken _cancellationToken;
    private readonly MessageParser _messages;

    /// <param name="types">The compilation's types.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public HandlerParser(KnownTypes types, List<Problem> problems, CancellationToken cancellationToken)
    {
        _types = types;
        _problems = problems;
        _cancellationToken = cancellationToken;
        _messages = new MessageParser(types, problems, cancellationToken);
    }

    /// <summary>The method's handler attributes, in the order written.</summary>
    public static IEnumerable<AttributeData> AttributesOf(IMethodSymbol method, KnownTypes types) =>
        method.GetAttributes().Where(attribute => attribute.AttributeClass?.BaseType.Is(types.HandlerAttribute) == true);

    /// <returns>One model for each pair of keys that the method's attributes name; none where anything is wrong.</returns>
    public IReadOnlyList<HandlerModel> Parse(IMethodSymbol method)
    {
        var before = _problems.Count;
        var handlers = ParseOrNothing(method);
        return _problems.Count == before ? handlers : [];
    }

    private List<HandlerModel> ParseOrNothing(IMethodSymbol method)
    {
        if (IsBroken(method) || !new ReachabilityParser(_types, _problems).Check(method) || FindMessage(method) is not { } messageType)
        {
            return [];
        }

        CheckReferences(method);
        var message = _messages.Parse(messageType, method.Parameters[0].Place());
        var parameters = new ParameterParser(_types, _problems);
        var arguments = method.Parameters.Skip(1).Select(parameters.Parse).ToList();
        CheckBatch(method, arguments);
        var subscriptions = ParseSubscriptions(method, messageType);
        var (awaiting, result) = ParseResult(method, out var understood);
        if (message is null || !understood || arguments.Contains(null))
        {
            return [];
        }

        return subscriptions
            .GroupBy(one => one.Keys, one => one.Subscription)
            .Select(one => new HandlerModel(
                method.ContainingType.ToCode(),
                method.ToText(),
                method.Name.ToIdentifier(),
                method.GetDocumentationCommentId() ?? method.ToText(),
                method.IsStatic,
                method.Parameters[0].Name.ToIdentifier(),
                message,
                arguments.OfType<ArgumentModel>().ToEquatableArray(),
                awaiting,
                result,
                one.Key.Dedupe,
                one.Key.Order,
                one.ToEquatableArray()))
            .ToList();
    }

    // Half-typed code is the compiler's to explain.
    private static bool IsBroken(IMethodSymbol method) =>
        (method.Name.Length == 0 && method.MethodKind == MethodKind.Ordinary) || method.ContainingType.IsBroken() || method.ReturnType.IsBroken()
        || method.Parameters.Any(parameter => parameter.Name.Length == 0 || parameter.Type.IsBroken());

    private INamedTypeSymbol? FindMessage(IMethodSymbol method)
    {
        if (method.Parameters is not [var first, ..])
        {
            _problems.Add(new Problem(HandlerRules.NoMessage, method.Place(), method.ToText(), "it has no parameters"));
            return null;
        }

        if (new ParameterParser(_types, _problems).IsNoMessage(first.Type, out var whatItIs))
        {
            var reason = $"its first parameter, '{first.Type.ToText()} {first.Name}', {whatItIs}";
            _problems.Add(new Problem(HandlerRules.NoMessage, first.Place(), method.ToText(), reason));
            return null;
        }

        return first.Type is INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct } type ? type : null;
    }

    private void CheckReferences(IMethodSymbol method)
    {
        if (method.RefKind != RefKind.None)
        {
            _problems.Add(new Problem(HandlerRules.ByReference, method.Place(), method.ToText(), "returns"));
        }

        foreach (var parameter in method.Parameters.Where(parameter => parameter.RefKind != RefKind.None))
        {
            _problems.Add(new Problem(HandlerRules.ByReference, parameter.Place(), method.ToText(), $"takes '{parameter.Name}'"));
        }
    }

    private void CheckBatch(IMethodSymbol method, List<ArgumentModel?> arguments)
    {
        if (arguments.Find(argument => argument?.Kind is ArgumentKind.Batch or ArgumentKind.DriverBatch) is not { } batch)
        {
            return;
        }

        for (var index = 0; index < arguments.Count; index++)
        {
            if (arguments[index]?.Kind is ArgumentKind.Transaction or ArgumentKind.DriverTransaction or ArgumentKind.Connection or ArgumentKind.DriverConnection or ArgumentKind.DbContext)
            {
                var parameter = method.Parameters[index + 1];
                _problems.Add(new Problem(HandlerRules.BatchAndMore, parameter.Place(), method.ToText(), batch.Parameter, parameter.Name));
            }
        }
    }

    private (Awaiting Awaiting, ResultModel? Result) ParseResult(IMethodSymbol method, out bool understood)
    {
        if (method is { IsAsync: true, ReturnsVoid: true })
        {
            _problems.Add(new Problem(HandlerRules.AsyncVoid, method.Place(), method.ToText()));
        }

        var results = new ResultParser(_types, _messages, _problems);
        var (awaiting, type) = results.Unwrap(method);
        var result = type is null ? null : results.Parse(type, method, method.Place());
        understood = type is null || result is not null;
        return (awaiting, result);
    }

    private List<(SubscriptionModel Subscription, (DedupeModel? Dedupe, KeyModel? Order) Keys)> ParseSubscriptions(IMethodSymbol method, ITypeSymbol message)
    {
        var found = new List<(SubscriptionModel, (DedupeModel?, KeyModel?))>();
        var dedupe = new DedupeParser(_types, _problems, _cancellationToken);
        var settings = new SettingsParser(_types, _problems, _cancellationToken);
        foreach (var attribute in AttributesOf(method, _types))
        {
            if (attribute.FirstText() is not { } source || !_types.Transports.TryGetValue(attribute.AttributeClass!.ToDisplayString(), out var transport))
            {
                continue; // Half-typed: the compiler says what is missing.
            }

            var place = attribute.Place(null, _cancellationToken);
            if (string.IsNullOrWhiteSpace(source))
            {
                _problems.Add(new Problem(HandlerRules.EmptyName, place, transport == "Kafka" ? "topic" : "queue"));
            }

            if (attribute.Named("Name") is string name && string.IsNullOrWhiteSpace(name))
            {
                _problems.Add(new Problem(HandlerRules.EmptyName, attribute.Place("Name", _cancellationToken), "handler's Name"));
            }

            var given = attribute.Named("Name") as string ?? method.ToShortText();
            var subscription = new SubscriptionModel(transport, source, given, settings.Parse(attribute, method));
            found.Add((subscription, (dedupe.Parse(attribute, method, message), Order(attribute, message))));
        }

        return found;
    }

    private KeyModel? Order(AttributeData attribute, ITypeSymbol message) => attribute.Named("OrderBy") is string path
        ? new KeyParser(_types, _problems).Parse(message, path, "OrderBy", attribute.Place("OrderBy", _cancellationToken))
        : null;
}
