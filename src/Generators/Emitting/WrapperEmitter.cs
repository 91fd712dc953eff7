using Microsoft.CodeAnalysis.CSharp;
using Reliability.Generators.Model;

namespace Reliability.Generators.Emitting;

/// <summary>A handler, and the name of its wrapper: unique, also where file names ignore case.</summary>
internal sealed record NamedHandler(string WrapperName, HandlerModel Handler);

/// <summary>Writes the wrapper around one handler method: code that people step through on the way to their own.</summary>
internal sealed class WrapperEmitter(NamedHandler named)
{
    /// <summary>The namespace of all wrappers.</summary>
    public const string Namespace = "Reliability.Generated";

    public static readonly string GeneratedCode =
        $"[global::System.CodeDom.Compiler.GeneratedCode(\"Reliability.Generators\", \"{typeof(WrapperEmitter).Assembly.GetName().Version.ToString(3)}\")]";

    private readonly HandlerModel _handler = named.Handler;
    private readonly CodeWriter _code = new();
    private readonly Dictionary<string, string> _enlisted = [];
    private readonly LocalNames _names = new(named.Handler.MessageParameter);

    public string Emit()
    {
        var context = _names.Take("context");
        _code.Head(Namespace, Usings());
        _code.Line($"/// <summary>Calls <c>{_handler.DisplayName}</c>.</summary>");
        _code.Line(GeneratedCode);
        _code.Block($"internal sealed class {named.WrapperName} : global::Reliability.MessageHandler<{_handler.Message.Type}>", () =>
        {
            EmitConstructor();
            EmitKeys();
            EmitHandle(context);
        });
        return _code.ToString();
    }

    private string[] Usings()
    {
        var usings = new List<string>();
        if (!_handler.IsStatic || _handler.Arguments.Any(argument => argument.Kind is ArgumentKind.Service or ArgumentKind.OptionalService or ArgumentKind.DbContext))
        {
            usings.Add("Microsoft.Extensions.DependencyInjection");
        }

        if (ResultEmitter.HasAsyncSequence(_handler.Result))
        {
            usings.Add("System.Threading.Tasks");
        }

        return [.. usings];
    }

    private void EmitConstructor()
    {
        _code.Line($"public {named.WrapperName}(global::System.Text.Json.Serialization.Metadata.JsonTypeInfo<{_handler.Message.Type}> json)");
        _code.Indented(() => _code.Line($": base({Literal(_handler.Message.Name)}, json)"));
        _code.Line("{");
        _code.Line("}");
    }

    private void EmitKeys()
    {
        var message = _handler.MessageParameter;
        if (_handler.OrderKey is not null)
        {
            _code.Line();
            _code.Line("public override bool IsOrdered => true;");
        }

        if (_handler.Arguments.Any(argument => argument.Kind is ArgumentKind.Batch or ArgumentKind.DriverBatch))
        {
            _code.Line();
            _code.Line("public override bool TakesBatch => true;");
        }

        if (_handler.Dedupe is { } dedupe)
        {
            var envelope = new LocalNames(message).Take("envelope");
            _code.Line();
            _code.Line($"protected override string DedupeKey({_handler.Message.Type} {message}, global::Reliability.Envelope {envelope}) =>");
            _code.Indented(() => EmitDedupeKey(dedupe, message, envelope));
        }

        if (_handler.OrderKey is { } order)
        {
            _code.Line();
            _code.Line($"protected override string? OrderKey({_handler.Message.Type} {message}) =>");
            _code.Indented(() => _code.Line($"{order.TextOf(message)};"));
        }
    }

    private void EmitDedupeKey(DedupeModel dedupe, string message, string envelope)
    {
        if (dedupe.Method is { } method)
        {
            var call = $"{method.DeclaringType}.{method.Name}({message}{(method.TakesEnvelope ? $", {envelope}" : "")})";
            _code.Line($"{Required($"global::Reliability.KeyText.Of({call})", method.Name)};");
        }
        else if (dedupe.Members is [var only])
        {
            _code.Line($"{Required(only.TextOf(message), only.Path)};");
        }
        else
        {
            _code.Call("global::Reliability.KeyText.Join(", [.. dedupe.Members.Select(member => Required(member.TextOf(message), member.Path))], ");");
        }
    }

    private static string Required(string text, string source) => $"global::Reliability.KeyText.Required({text}, {Literal(source)})";

    private void EmitHandle(string context)
    {
        var waits = _handler.Awaiting != Awaiting.Nothing || ResultEmitter.HasAsyncSequence(_handler.Result) || EnlistsContexts;
        var isAsync = (_handler.Result is not null || EnlistsContexts) && waits;
        _code.Line();
        _code.Line($"protected override {(isAsync ? "async " : "")}global::System.Threading.Tasks.ValueTask HandleAsync(");
        _code.Indented(() =>
        {
            _code.Line($"{_handler.Message.Type} {_handler.MessageParameter},");
            _code.Line($"global::Reliability.HandlerContext {context})");
        });
        _code.Line("{");
        _code.Indented(() =>
        {
            EmitEnlistments(context);
            EmitCall(context);
            EmitSaves();
            if (!isAsync && (_handler.Result is not null || !waits))
            {
                _code.Line();
                _code.Line("return default;");
            }
        });
        _code.Line("}");
    }

    private bool EnlistsContexts => _handler.Arguments.Any(argument => argument.Kind == ArgumentKind.DbContext);

    // Enlisted before the call and saved after it; what ends the enlistment runs also where the handler throws.
    private void EmitEnlistments(string context)
    {
        foreach (var argument in _handler.Arguments.Where(argument => argument.Kind == ArgumentKind.DbContext))
        {
            var service = ServiceOf(argument, context);
            if (!_enlisted.ContainsKey(service))
            {
                var enlisted = _names.Take(argument.Parameter.TrimStart('@') + "Enlisted");
                _enlisted.Add(service, enlisted);
                _code.Line($"using var {enlisted} = global::Reliability.HandlerDbContext.Enlist({service}, {context});");
            }
        }
    }

    private void EmitSaves()
    {
        foreach (var enlisted in _enlisted.Values)
        {
            _code.Line($"await {enlisted}.SaveAsync().ConfigureAwait(false);");
        }
    }

    private void EmitCall(string context)
    {
        var target = _handler.IsStatic ? _handler.DeclaringType : $"{context}.Services.GetRequiredService<{_handler.DeclaringType}>()";
        var call = $"{target}.{_handler.Method}(";
        var isTask = _handler.Awaiting == Awaiting.Task;
        if (_handler.Result is { } shape)
        {
            var result = _names.Take("result");
            var (wait, configured) = _handler.Awaiting == Awaiting.Nothing ? ("", ");") : ("await ", ").ConfigureAwait(false);");
            EmitArguments($"var {result} = {wait}{call}", configured, context);
            new ResultEmitter(_code, _names, context).Emit(result, shape);
        }
        else if (_handler.Awaiting == Awaiting.Nothing)
        {
            EmitArguments(call, ");", context);
        }
        else if (EnlistsContexts)
        {
            EmitArguments($"await {call}", ").ConfigureAwait(false);", context);
        }
        else
        {
            // Nothing is left to do here, so the method's own task is enough.
            EmitArguments(isTask ? $"return new global::System.Threading.Tasks.ValueTask({call}" : $"return {call}", isTask ? "));" : ");", context);
        }
    }

    private void EmitArguments(string before, string after, string context)
    {
        if (_handler.Arguments.Count == 0)
        {
            _code.Line($"{before}{_handler.MessageParameter}{after}");
            return;
        }

        var others = _handler.Arguments.Select(argument => $"{argument.Parameter}: {ValueOf(argument, context)}");
        _code.Call(before, [_handler.MessageParameter, .. others], after);
    }

    private string ValueOf(ArgumentModel argument, string context) => argument.Kind switch
    {
        ArgumentKind.Transaction => $"{context}.Transaction",
        ArgumentKind.DriverTransaction => $"{context}.TransactionAs<{argument.Type}>()",
        ArgumentKind.Connection => $"{context}.Connection",
        ArgumentKind.DriverConnection => $"{context}.ConnectionAs<{argument.Type}>()",
        ArgumentKind.Batch => $"{context}.Batch",
        ArgumentKind.DriverBatch => $"{context}.BatchAs<{argument.Type}>()",
        ArgumentKind.DbContext => $"{_enlisted[ServiceOf(argument, context)]}.Context",
        ArgumentKind.Outbox => $"{context}.Outbox",
        ArgumentKind.MessageContext => $"{context}.Message",
        ArgumentKind.CancellationToken => $"{context}.CancellationToken",
        ArgumentKind.Services => $"{context}.Services",
        _ => ServiceOf(argument, context),
    };

    private static string ServiceOf(ArgumentModel argument, string context)
    {
        var optional = argument.Kind == ArgumentKind.OptionalService;
        return argument.ServiceKey is { } key
            ? $"{context}.Services.{(optional ? "GetKeyedService" : "GetRequiredKeyedService")}<{argument.Type}>({key})"
            : $"{context}.Services.{(optional ? "GetService" : "GetRequiredService")}<{argument.Type}>()";
    }

    internal static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);
}
