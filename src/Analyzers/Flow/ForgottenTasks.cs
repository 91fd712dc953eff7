using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Flow;

/// <summary>Tasks that are kept, continued or handed to another task, and whose failure nobody hears of all the same.</summary>
internal static class ForgottenTasks
{
    /// <summary>What becomes of the task that a call returns, if nobody ever looks at it; null where somebody may.</summary>
    public static string? WhyForgotten(IInvocationOperation call, CompilationFlow flow)
    {
        var body = flow.BodyAround(call);
        var use = Use.OfValue(call);
        if (use is { Kind: UseKind.Stored, Member: ILocalSymbol local } && OnlyWritten(body, local))
            return $"kept in '{local.Name}', which nothing looks at";
        if (use is { Kind: UseKind.Passed, Site: IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "Add" } add } } && add.Receiver()?.Unwrap() is ILocalReferenceOperation { Local: var list } && OnlyAddedTo(body, list))
            return $"put into '{list.Name}', which nothing looks at";
        if (call.Parent is IInvocationOperation { TargetMethod.Name: "ContinueWith" } next && ReferenceEquals(next.Instance, call))
            return next.IsDropped() && NeverLooks(next) ? "continued by code that does not look at it" : null;

        return StartedBy(call) is { } start && start.IsDropped() ? $"left to '{start.TargetMethod.Name}', whose own task is dropped" : null;
    }

    private static bool OnlyWritten(Body body, ILocalSymbol local) =>
        body.References(local).All(static one => one is IVariableDeclaratorOperation || Use.Of(one).Kind is UseKind.Assigned);

    private static bool OnlyAddedTo(Body body, ILocalSymbol list) =>
        body.References(list).All(static one => one is IVariableDeclaratorOperation || Use.Of(one) is { Kind: UseKind.Called, Member.Name: "Add" } or { Kind: UseKind.Assigned });

    /// <summary>Whether a continuation runs whatever happened, and never asks what that was.</summary>
    private static bool NeverLooks(IInvocationOperation next) =>
        next.Arguments.All(static one => one.Parameter?.Type.Name != "TaskContinuationOptions")
        && next.Arguments.Length > 0 && (next.Arguments[0].Value.Unwrap() as IDelegateCreationOperation)?.Target is IAnonymousFunctionOperation { Symbol.Parameters: { Length: > 0 } parameters } lambda
        && !lambda.Body.Descendants().Any(one => one is IParameterReferenceOperation { Parameter: var used } && SymbolEqualityComparer.Default.Equals(used, parameters[0]));

    /// <summary>The call that runs the function around on another thread, if the task is its result, or awaited there with nothing that catches.</summary>
    private static IInvocationOperation? StartedBy(IOperation call)
    {
        for (var outer = call.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is ITryOperation { Catches.IsEmpty: false } or ILocalFunctionOperation)
                return null;
            if (outer is not IAnonymousFunctionOperation lambda)
                continue;

            var starts = lambda.Parent;
            while (starts is IDelegateCreationOperation or IConversionOperation or IArgumentOperation)
                starts = starts.Parent;
            return starts is IInvocationOperation { TargetMethod: { Name: "Run" or "StartNew", ContainingType.Name: "Task" or "TaskFactory" } } start ? start : null;
        }

        return null;
    }
}
