using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.RabbitMQ;

/// <summary>REL1206: one channel in the hands of several threads.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SharedChannel : RabbitMqAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.SharedChannel,
        Rules.RabbitMqPublishing,
        "One channel is used by several threads at once",
        "'{0}' runs this on several threads, and they all publish on one channel: their frames mix, the connection is closed, and what was not confirmed is lost",
        "A channel is not safe for concurrent publishing. Give each worker its own channel, or take a lock around each publish.");

    /// <summary>Creates the rule.</summary>
    public SharedChannel()
        : base(Rule)
    {
    }

    private protected override void Judge(ChannelCall call)
    {
        if (call.Verb != ChannelVerb.Publish || call.Invocation.Receiver()?.Unwrap().Symbol() is not { } channel)
            return;

        for (IOperation at = call.Invocation; at.Parent is { } outer; at = outer)
        {
            if (outer is ILockOperation || (outer is IAnonymousFunctionOperation lambda && (IsWithin(channel, lambda) || WaitsForTurn(lambda, call))))
                return;

            if (outer is IAnonymousFunctionOperation function && RunsInParallel(function, channel, call) is { } by)
            {
                call.Report(Rule, call.Invocation.NameLocation(), DiagnosticKeys.CauseWritten, null, Finding.Always, Enumerable.Empty<Location>(), by);
                return;
            }
        }
    }

    /// <summary>What runs a function several times at once, or null.</summary>
    private static string? RunsInParallel(IAnonymousFunctionOperation function, ISymbol channel, ChannelCall call)
    {
        if (CallWith(function) is not { } runner)
            return null;

        var (method, type) = (runner.TargetMethod.Name, runner.TargetMethod.ContainingType?.Name);
        if (type == "Parallel" || (type == "ParallelEnumerable" && method is "ForAll" or "Select"))
            return type == "Parallel" ? $"Parallel.{method}" : method;

        // A single task is one thread; many are started by a loop or a query around it. Version 7 guards each call by itself while it tracks confirms.
        if (call.Client.IsVersion7 || !((type == "Task" && method == "Run") || (type == "TaskFactory" && method == "StartNew") || (type == "ThreadPool" && method == "QueueUserWorkItem")))
            return null;

        for (var outer = runner.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is IAwaitOperation)
                return null;
            if (outer is ILoopOperation loop)
                return IsWithin(channel, loop) ? null : $"{type}.{method}";
            if (outer is IAnonymousFunctionOperation each)
                return !IsWithin(channel, each) && CallWith(each)?.TargetMethod.Name is "Select" or "ForEach" ? $"{type}.{method}" : null;
        }

        return null;
    }

    private static IInvocationOperation? CallWith(IOperation function)
    {
        var outer = function.Parent;
        while (outer is IDelegateCreationOperation or IConversionOperation or IArrayInitializerOperation or IArrayCreationOperation)
            outer = outer.Parent;

        return outer is IArgumentOperation argument ? argument.Parent as IInvocationOperation : null;
    }

    private static bool IsWithin(ISymbol channel, IOperation code) =>
        channel is ILocalSymbol or IParameterSymbol && channel.DeclaringSyntaxReferences.Any(one => one.SyntaxTree == code.Syntax.SyntaxTree && code.Syntax.Span.Contains(one.Span));

    /// <summary>Whether a function enters a semaphore before it publishes.</summary>
    private static bool WaitsForTurn(IAnonymousFunctionOperation function, ChannelCall call) => function.Body.Descendants().OfType<IInvocationOperation>().Any(one =>
        one.Syntax.SpanStart < call.Invocation.Syntax.SpanStart && one.TargetMethod is { Name: "Wait" or "WaitAsync", ContainingType.Name: "SemaphoreSlim" } or { Name: "Enter" or "TryEnter", ContainingType.Name: "Monitor" });
}
