using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;
using Reliability.Analyzers.Flow;

namespace Reliability.Analyzers.Handlers;

/// <summary>REL4103: a handler that works on a connection which is not the transaction's.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OwnConnection : HandlerAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.OwnConnection,
        Rules.Handlers,
        "The handler opens a connection of its own",
        "Handler '{0}' works on a connection of its own ('{1}'): what it writes there is committed apart from the record that the message was handled, so a crash in between makes it twice, and a rollback leaves it",
        "Take the DbConnection and the DbTransaction, or the DbContext, as parameters: then the handler's changes, the record that the message was handled, and its outgoing messages commit together.");

    /// <summary>Creates the rule.</summary>
    public OwnConnection()
        : base(Rule)
    {
    }

    private protected override void Judge(HandlerBody handler)
    {
        foreach (var operation in handler.Body.Descendants())
        {
            switch (operation)
            {
                case IObjectCreationOperation creation when handler.Types.IsConnection(creation.Type) || handler.Types.IsContext(creation.Type):
                    handler.Report(creation.Syntax.GetLocation(), DiagnosticKeys.CauseWritten, null, handler.Name, $"new {creation.Type!.Name}");
                    break;
                case IInvocationOperation call when !call.IsOnlyDescribed() && Opens(call, handler):
                    handler.Report(call.NameLocation(), DiagnosticKeys.CauseWritten, null, handler.Name, call.TargetMethod.Name);
                    break;
            }
        }
    }

    private static bool Opens(IInvocationOperation call, HandlerBody handler)
    {
        var (name, type) = (call.TargetMethod.Name, call.TargetMethod.ContainingType);
        return name switch
        {
            "OpenConnection" or "OpenConnectionAsync" or "CreateConnection" or "CreateCommand" or "CreateBatch" => HandlerTypes.Derives(type, handler.Types.DataSource) || (name == "CreateConnection" && HandlerTypes.Derives(type, handler.Types.ProviderFactory)),
            "CreateDbContext" or "CreateDbContextAsync" => HandlerTypes.Same(type, handler.Types.ContextFactory) || type.AllInterfaces.Any(one => HandlerTypes.Same(one, handler.Types.ContextFactory)),
            // A connection that the class keeps; one that the handler has made is reported where it is made.
            "Open" or "OpenAsync" => handler.Types.IsConnection(type) && call.Receiver()?.Unwrap() is IFieldReferenceOperation or IPropertyReferenceOperation or IParameterReferenceOperation && handler.ParameterBehind(call.Receiver()) is null,
            _ => false,
        };
    }
}
