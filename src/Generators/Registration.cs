using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Reliability.Generators.Emitting;
using Reliability.Generators.Model;
using Reliability.Generators.Parsing;

namespace Reliability.Generators;

/// <summary>Brings together what an assembly's <c>AddHandlers</c> registers.</summary>
internal static class Registration
{
    /// <summary>The contexts that one file's assembly attributes name.</summary>
    public static EquatableArray<JsonContextModel> ReadContexts(GeneratorAttributeSyntaxContext found, CancellationToken cancellationToken)
    {
        var types = KnownTypes.Of(found.SemanticModel.Compilation);
        return found.Attributes
            .Select(JsonContexts.ContextOf)
            .OfType<INamedTypeSymbol>()
            .Where(context => JsonContexts.IsUsable(context, types))
            .Select(context => new JsonContextModel(context.ToCode(), Published(context, types, cancellationToken)))
            .ToEquatableArray();
    }

    /// <returns>Null for an assembly that has nothing to do with handlers.</returns>
    public static RegistrationModel? Create(
        AssemblyHandlers handlers, ImmutableArray<EquatableArray<JsonContextModel>> contexts, string assemblyName)
    {
        if (!handlers.AnyMarked && contexts.IsEmpty)
        {
            return null;
        }

        var messages = handlers.Handlers.Select(named => named.Handler)
            .SelectMany(handler => MessagesOf(handler.Result).Prepend(handler.Message))
            .Concat(contexts.SelectMany(found => found).SelectMany(context => context.Published))
            .GroupBy(message => message.Type)
            .Select(same => same.First());
        return new RegistrationModel(assemblyName, handlers.Handlers, messages.ToEquatableArray());
    }

    private static EquatableArray<MessageModel> Published(INamedTypeSymbol context, KnownTypes types, CancellationToken cancellationToken)
    {
        var messages = new MessageParser(types, [], cancellationToken);
        return types.Json.ListedBy(context)
            .Where(type => type.FindAttribute(types.PublishToAttribute) is not null)
            .Select(type => messages.Parse(type, Location.None))
            .OfType<MessageModel>()
            .ToEquatableArray();
    }

    private static IEnumerable<MessageModel> MessagesOf(ResultModel? result) => result switch
    {
        null => [],
        { Message: { } message } => [message],
        _ => result.Parts.SelectMany(MessagesOf),
    };
}
