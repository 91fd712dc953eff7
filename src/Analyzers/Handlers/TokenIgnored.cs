using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Handlers;

/// <summary>REL4106: a handler that does not hear that its time is over.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TokenIgnored : HandlerAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.TokenIgnored,
        Rules.Handlers,
        "The handler does not hear that its time is over",
        "Handler '{0}' {1}: when its time is over, or the host must stop, it goes on, holds the transaction and its locks, and keeps the messages behind it waiting",
        "A handler's CancellationToken is cancelled when it has taken longer than it may, and when the host stops and its time to finish is over. Pass it to everything that waits.");

    /// <summary>Creates the rule.</summary>
    public TokenIgnored()
        : base(Rule)
    {
    }

    private protected override void Judge(HandlerBody handler)
    {
        var token = handler.Method.Parameters.FirstOrDefault(one => IsToken(one.Type, handler));
        if (token is null)
        {
            // A default worth deciding: the handler may be quick enough.
            if (handler.Method.IsAsync && handler.Calls.FirstOrDefault(call => LeavesTokenOut(call, handler)) is { } waiting)
                handler.Report(handler.Method.Locations[0], DiagnosticKeys.CauseMissing, null, DiagnosticSeverity.Info, handler.Name, $"takes no CancellationToken, though '{waiting.TargetMethod.Name}' would");
        }
        else if (!handler.Body.Descendants().Any(one => one is IParameterReferenceOperation { Parameter: var used } && SymbolEqualityComparer.Default.Equals(used, token)) && Waits(handler))
        {
            handler.Report(token.Locations[0], DiagnosticKeys.CauseWritten, token.Name, handler.Name, $"takes '{token.Name}' and never looks at it");
        }
    }

    /// <summary>Whether there is anything to interrupt: a handler that only computes is soon done.</summary>
    private static bool Waits(HandlerBody handler) => handler.Body.Descendants().Any(static one => one is IAwaitOperation or ILoopOperation or IInvocationOperation { TargetMethod.Name: "Wait" or "Sleep" })
        || handler.Calls.Any(static call => call.Type is { Name: "Task" or "ValueTask" });

    private static bool LeavesTokenOut(IInvocationOperation call, HandlerBody handler) =>
        call.Arguments.Any(one => one.ArgumentKind == ArgumentKind.DefaultValue && one.Parameter is { } parameter && IsToken(parameter.Type, handler)) && IsAwaited(call);

    private static bool IsAwaited(IOperation call)
    {
        while (call.Parent is IInvocationOperation { TargetMethod.Name: "ConfigureAwait" } or IConversionOperation)
            call = call.Parent;
        return call.Parent is IAwaitOperation;
    }

    private static bool IsToken(ITypeSymbol type, HandlerBody handler) => HandlerTypes.Same(type, handler.Types.CancellationToken);
}
