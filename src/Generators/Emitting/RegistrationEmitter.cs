using Reliability.Generators.Model;
using Reliability.Generators.Parsing;

namespace Reliability.Generators.Emitting;

/// <summary>All that <c>AddHandlers</c> of an assembly adds.</summary>
internal sealed record RegistrationModel(string AssemblyName, EquatableArray<NamedHandler> Handlers, EquatableArray<MessageModel> Messages);

/// <summary>Writes <c>AddHandlers</c>.</summary>
internal sealed class RegistrationEmitter(RegistrationModel model)
{
    private const int SettingsOnOneLine = 80;

    private readonly CodeWriter _code = new();
    private readonly List<string> _services =
        [.. model.Handlers.Select(named => named.Handler).Where(handler => !handler.IsStatic).Select(handler => handler.DeclaringType).Distinct()];

    private readonly LocalNames _names = new("reliability", "where");

    public string Emit()
    {
        _code.Head("Reliability", _services.Count > 0 ? ["Microsoft.Extensions.DependencyInjection.Extensions"] : []);
        _code.Line($"/// <summary>The handlers and message types of {model.AssemblyName}.</summary>");
        _code.Line(WrapperEmitter.GeneratedCode);
        _code.Block($"internal static class {Identifiers.From(model.AssemblyName)}Handlers", () =>
        {
            EmitAddHandlers();
            if (model.Handlers.Count > 0)
            {
                EmitAdd();
            }

            if (model.Messages.Count > 0)
            {
                EmitJson();
            }
        });
        return _code.ToString();
    }

    private void EmitAddHandlers()
    {
        _code.Line("/// <summary>Adds the message types of this assembly, and those of its handlers that are wanted.</summary>");
        _code.Line("/// <param name=\"reliability\">What <c>AddReliability</c> configures.</param>");
        _code.Line("/// <param name=\"where\">Says which handlers this process runs. Default: all.</param>");
        _code.Line("public static global::Reliability.ReliabilityBuilder AddHandlers(");
        _code.Indented(() =>
        {
            _code.Line("this global::Reliability.ReliabilityBuilder reliability,");
            _code.Line("global::System.Func<global::Reliability.HandlerDescriptor, bool>? where = null)");
        });
        _code.Line("{");
        _code.Indented(() =>
        {
            foreach (var message in model.Messages)
            {
                EmitMessage(message);
            }

            foreach (var type in _services)
            {
                _code.Line($"reliability.Services.TryAddScoped<{type}>();");
            }

            foreach (var type in Contexts())
            {
                _code.Line($"global::Reliability.HandlerDbContext.Configure<{type}>(reliability);");
            }

            foreach (var named in model.Handlers)
            {
                EmitHandler(named);
            }

            _code.Line("return reliability;");
        });
        _code.Line("}");
    }

    private IEnumerable<string> Contexts() => model.Handlers
        .SelectMany(named => named.Handler.Arguments)
        .Where(argument => argument.Kind == ArgumentKind.DbContext)
        .Select(argument => argument.Type!)
        .Distinct();

    private void EmitMessage(MessageModel message)
    {
        var arguments = new List<string> { WrapperEmitter.Literal(message.Name), JsonOf(message) };
        if (message.Route is { } route)
        {
            arguments.Add($"Route: {WrapperEmitter.Literal(route.Address)}");
            if (route.Transport is { } transport)
            {
                arguments.Add($"Transport: {WrapperEmitter.Literal(transport)}");
            }

            if (route.Key is { } key)
            {
                arguments.Add($"Key: static message => {key.TextOf("message")}");
            }
        }

        _code.Call($"reliability.AddMessage(new global::Reliability.MessageType<{message.Type}>(", arguments, "));");
    }

    private void EmitHandler(NamedHandler named)
    {
        var handler = _names.Take(Variable(named.Handler.Method));
        _code.Line();
        _code.Line($"var {handler} = new global::{WrapperEmitter.Namespace}.{named.WrapperName}({JsonOf(named.Handler.Message)});");
        foreach (var subscription in named.Handler.Subscriptions)
        {
            var (name, source) = (WrapperEmitter.Literal(subscription.Name), WrapperEmitter.Literal(subscription.Source));
            var settings = SettingsEmitter.Written(subscription.Settings);
            var together = string.Join(", ", settings);
            var fit = together.Length <= SettingsOnOneLine;
            _code.Call(
                "Add(reliability, where, new global::Reliability.HandlerDescriptor(",
                [name, $"global::Reliability.TransportNames.{subscription.Transport}", source, handler],
                together.Length == 0 ? "));" : fit ? $") {{ {together} }});" : ")");
            if (!fit)
            {
                _code.Line("{");
                _code.Indented(() => settings.ToList().ForEach(setting => _code.Line(setting + ",")));
                _code.Line("});");
            }
        }
    }

    private void EmitAdd()
    {
        _code.Line();
        _code.Line("private static void Add(");
        _code.Indented(() =>
        {
            _code.Line("global::Reliability.ReliabilityBuilder reliability,");
            _code.Line("global::System.Func<global::Reliability.HandlerDescriptor, bool>? where,");
            _code.Line("global::Reliability.HandlerDescriptor handler)");
        });
        _code.Line("{");
        _code.Indented(() => _code.Block("if (where is null || where(handler))", () => _code.Line("reliability.AddHandler(handler);")));
        _code.Line("}");
    }

    private void EmitJson()
    {
        _code.Line();
        _code.Line("private static global::System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> Json<T>(");
        _code.Indented(() => _code.Line("global::System.Text.Json.Serialization.JsonSerializerContext context) =>"));
        _code.Indented(() => _code.Line("(global::System.Text.Json.Serialization.Metadata.JsonTypeInfo<T>)context.GetTypeInfo(typeof(T))!;"));
    }

    private static string JsonOf(MessageModel message) => $"Json<{message.Type}>({message.JsonContext}.Default)";

    private static string Variable(string method)
    {
        var name = method.TrimStart('@');
        return (char.ToLowerInvariant(name[0]) + name.Substring(1)).ToIdentifier();
    }
}
