using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.Handlers;

/// <summary>REL4102: a handler that ends the transaction it was given.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class EndsTransaction : HandlerAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.EndsTransaction,
        Rules.Handlers,
        "The handler ends the transaction that it was given",
        "Handler '{0}' calls '{1}' on the {2} that it was given: {3}",
        "The runtime commits the transaction together with the record that the message was handled and the messages that the handler sends, and shares it among the messages of a group. To undo the handler's changes, throw.");

    /// <summary>Creates the rule.</summary>
    public EndsTransaction()
        : base(Rule)
    {
    }

    private const string Early = "its changes are committed before the record that the message was handled, and when the process stops in between they are made a second time";
    private const string Undone = "it undoes the handled messages of the whole group with its own, and the commit that follows fails";
    private const string Gone = "the commit that follows fails, and every message of the group is tried again";

    private protected override void Judge(HandlerBody handler)
    {
        foreach (var call in handler.Calls)
        {
            if (Ends(call) is { } lost && Given(call.Receiver(), handler) is { } what)
                handler.Report(call.NameLocation(), DiagnosticKeys.CauseWritten, call.TargetMethod.Name, handler.Name, call.TargetMethod.Name, what, lost);
        }

        foreach (var disposed in handler.Body.Descendants().OfType<IUsingOperation>())
        {
            if (disposed.Resources is not IVariableDeclarationGroupOperation && Given(disposed.Resources, handler) is { } what)
                handler.Report(disposed.Resources.Syntax.GetLocation(), DiagnosticKeys.CauseWritten, "using", handler.Name, "Dispose", what, Gone);
        }

        foreach (var variable in handler.Body.Descendants().Select(static one => one switch
        {
            IUsingDeclarationOperation declared => declared.DeclarationGroup,
            IUsingOperation { Resources: IVariableDeclarationGroupOperation group } => group,
            _ => null,
        }).OfType<IVariableDeclarationGroupOperation>().SelectMany(static group => group.Descendants().OfType<IVariableDeclaratorOperation>()))
        {
            if (variable.Initializer is { Value: { } value } && Given(value, handler) is { } what)
                handler.Report(value.Syntax.GetLocation(), DiagnosticKeys.CauseWritten, "using", handler.Name, "Dispose", what, Gone);
        }
    }

    private static string? Ends(IInvocationOperation call) => call.TargetMethod.Name switch
    {
        // A name means a savepoint, which ends nothing.
        "Commit" or "CommitAsync" or "CommitTransaction" or "CommitTransactionAsync" => Early,
        "Rollback" or "RollbackAsync" when call.Arguments.Any(static one => one.Parameter?.Type.SpecialType == SpecialType.System_String) => null,
        "Rollback" or "RollbackAsync" or "RollbackTransaction" or "RollbackTransactionAsync" => Undone,
        "Dispose" or "DisposeAsync" or "Close" or "CloseAsync" => Gone,
        _ => null,
    };

    /// <summary>What an expression is, if the handler was given it: the transaction itself, the connection, or a context's own way to either.</summary>
    private static string? Given(IOperation? value, HandlerBody handler)
    {
        var inner = value?.Unwrap();
        var isFacade = false;
        while (inner is IPropertyReferenceOperation { Property.Name: "Database" or "CurrentTransaction", Instance: { } owner })
        {
            isFacade = true;
            inner = owner.Unwrap();
        }

        return handler.ParameterBehind(inner)?.Type switch
        {
            { } type when handler.Types.IsTransaction(type) => "transaction",
            { } type when handler.Types.IsConnection(type) => "connection",
            { } type when handler.Types.IsContext(type) => isFacade ? "transaction" : "context",
            _ => null,
        };
    }
}
