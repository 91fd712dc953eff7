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
        "{0}, and they all publish on one channel: their frames mix, the connection is closed, and what was not confirmed is lost",
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
            if (outer is ILockOperation || (outer is IAnonymousFunctionOperation lambda && (IsWithin(channel, lambda) || TakesTurns(lambda.Body, call))))
                return;

            if (outer is IAnonymousFunctionOperation function && RunsInParallel(function, channel, call) is { } by)
            {
                Report(call, $"'{by}' runs this on several threads");
                return;
            }
        }

        if (IsForAnyThread(channel, call))
            Report(call, $"'{channel.Name}' is static, so every thread that comes here has the same channel");
    }

    private static void Report(ChannelCall call, string says) =>
        call.Report(Rule, call.Invocation.NameLocation(), DiagnosticKeys.CauseWritten, null, Finding.Always, Enumerable.Empty<Location>(), says);

    /// <summary>
    /// Whether a channel of version 6 is kept in a static member of a type that others call: all requests, handlers and timers of the process share it. A program's own class has one thread,
    /// until it starts others.
    /// </summary>
    private static bool IsForAnyThread(ISymbol channel, ChannelCall call)
    {
        if (call.Client.IsVersion7 || channel is not (IFieldSymbol { IsStatic: true, IsConst: false } or IPropertySymbol { IsStatic: true }) || channel.DeclaringSyntaxReferences.IsEmpty
            || channel.GetAttributes().Any(static one => one.AttributeClass?.Name == "ThreadStaticAttribute"))
        {
            return false;
        }

        var around = call.Invocation.SemanticModel?.GetEnclosingSymbol(call.Invocation.Syntax.SpanStart);
        while (around is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction or MethodKind.LocalFunction })
            around = around.ContainingSymbol;

        return around is IMethodSymbol { MethodKind: MethodKind.Ordinary, DeclaredAccessibility: not Accessibility.Private } method && !IsProgram(method.ContainingType) && !IsProgram(channel.ContainingType)
            && !TakesTurns(call.Invocation.Root(), call);
    }

    private static bool IsProgram(INamedTypeSymbol? type) => type is null || type.GetMembers("Main").Any() || type.GetMembers("<Main>$").Any();

    /// <summary>What runs a function several times at once, or null.</summary>
    private static string? RunsInParallel(IAnonymousFunctionOperation function, ISymbol channel, ChannelCall call)
    {
        if (CallWith(function) is not { } runner)
            return null;

        var (method, type) = (runner.TargetMethod.Name, runner.TargetMethod.ContainingType?.Name);
        if (type == "Parallel" || (type == "ParallelEnumerable" && method is "ForAll" or "Select"))
            return type == "Parallel" ? $"Parallel.{method}" : method;

        // Version 7 guards each call by itself while it tracks confirms.
        if (call.Client.IsVersion7)
            return null;

        // Each function of a query runs up to its first await; what follows runs on any thread.
        if (method == "Select" && function.Symbol.IsAsync && AwaitsBefore(function, call) && WaitFor(runner) is { } together)
            return together;

        // A single task is one thread; many are started by a loop or a query around it, or stand side by side.
        if (!((type == "Task" && method == "Run") || (type == "TaskFactory" && method == "StartNew") || (type == "ThreadPool" && method == "QueueUserWorkItem")))
            return null;

        if (WaitFor(runner) is { } all && IsOneOfSeveral(runner, channel, call))
            return all;

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

    /// <summary>The call that waits for several tasks, one of which a call yields; null where there is none.</summary>
    private static string? WaitFor(IOperation task)
    {
        for (var outer = task.Parent; outer is not null and not (IBlockOperation or IAnonymousFunctionOperation); outer = outer.Parent)
        {
            if (outer is IInvocationOperation { TargetMethod: { Name: "WhenAll" or "WaitAll", ContainingType.Name: "Task" } method })
                return "Task." + method.Name;
        }

        return null;
    }

    /// <summary>Whether another of the tasks that are waited for along with one publishes on the same channel.</summary>
    private static bool IsOneOfSeveral(IOperation task, ISymbol channel, ChannelCall call)
    {
        for (var outer = task.Parent; outer is not null and not IAnonymousFunctionOperation; outer = outer.Parent)
        {
            if (outer.ChildOperations.Count(one => IsPublishOn(one, channel, call)) > 1)
                return true;
            if (outer is IInvocationOperation { TargetMethod.Name: "WhenAll" or "WaitAll" })
                return false;
        }

        return false;
    }

    private static bool IsPublishOn(IOperation code, ISymbol channel, ChannelCall call) => code.DescendantsAndSelf().OfType<IInvocationOperation>().Any(one =>
        call.Client.VerbOf(one) == ChannelVerb.Publish && SymbolEqualityComparer.Default.Equals(one.Receiver()?.Unwrap().Symbol(), channel));

    private static bool AwaitsBefore(IAnonymousFunctionOperation function, ChannelCall call) =>
        function.Body.Descendants().Any(one => one is IAwaitOperation && one.Syntax.SpanStart < call.Invocation.Syntax.SpanStart);

    private static IInvocationOperation? CallWith(IOperation function)
    {
        var outer = function.Parent;
        while (outer is IDelegateCreationOperation or IConversionOperation or IArrayInitializerOperation or IArrayCreationOperation)
            outer = outer.Parent;

        return outer is IArgumentOperation argument ? argument.Parent as IInvocationOperation : null;
    }

    private static bool IsWithin(ISymbol channel, IOperation code) =>
        channel is ILocalSymbol or IParameterSymbol && channel.DeclaringSyntaxReferences.Any(one => one.SyntaxTree == code.Syntax.SyntaxTree && code.Syntax.Span.Contains(one.Span));

    /// <summary>Whether code enters a semaphore before it publishes.</summary>
    private static bool TakesTurns(IOperation code, ChannelCall call) => code.Descendants().OfType<IInvocationOperation>().Any(one =>
        one.Syntax.SpanStart < call.Invocation.Syntax.SpanStart && one.TargetMethod is { Name: "Wait" or "WaitAsync", ContainingType.Name: "SemaphoreSlim" } or { Name: "Enter" or "TryEnter", ContainingType.Name: "Monitor" });
}
