using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Handlers;

/// <summary>REL4107: a call to another machine, made inside the handler's transaction.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RemoteCall : HandlerAnalyzer
{
    internal static readonly DiagnosticDescriptor Rule = Describe(
        Rules.RemoteCall,
        Rules.Handlers,
        "The handler calls another machine inside its transaction",
        "Handler '{0}' calls '{1}.{2}' inside its transaction: the call cannot be rolled back, is made again at every retry, and holds the transaction's locks for as long as it takes",
        "Nothing makes a remote call and a commit happen together. Give the call an idempotency key, such as the message's id, and let a handler of its own make it: publish a message that asks for it, and set Group = 1 there.",
        DiagnosticSeverity.Info);

    /// <summary>Creates the rule.</summary>
    public RemoteCall()
        : base(Rule)
    {
    }

    private static readonly string[] Mail = { "Send", "SendAsync", "SendMailAsync" };

    private protected override void Judge(HandlerBody handler)
    {
        foreach (var call in handler.Calls)
        {
            if (IsRemote(call.TargetMethod))
                handler.Report(call.NameLocation(), DiagnosticKeys.CauseWritten, null, handler.Name, TypeOf(call.TargetMethod).Name, call.TargetMethod.Name);
        }
    }

    private static bool IsRemote(IMethodSymbol method)
    {
        var type = TypeOf(method);
        var space = type.ContainingNamespace?.ToDisplayString() ?? "";
        return space switch
        {
            "System.Net.Http" or "System.Net.Http.Json" => type.Name is "HttpClient" or "HttpMessageInvoker" or "HttpClientJsonExtensions" && IsRequest(method.Name),
            "System.Net" => type.Name is "WebClient" or "WebRequest" or "HttpWebRequest" && (IsRequest(method.Name) || method.Name.StartsWith("Download", StringComparison.Ordinal) || method.Name.StartsWith("Upload", StringComparison.Ordinal)),
            "System.Net.Mail" or "MailKit.Net.Smtp" => type.Name is "SmtpClient" or "ISmtpClient" && Array.IndexOf(Mail, method.Name) >= 0,
            "MailKit" => type.Name is "MailTransport" or "IMailTransport" && Array.IndexOf(Mail, method.Name) >= 0,
            "Grpc.Core" => type.Name is "CallInvoker",
            _ => DerivesFromGrpcClient(type),
        };
    }

    private static bool IsRequest(string name) => name.StartsWith("Get", StringComparison.Ordinal) && name is not ("GetType" or "GetHashCode")
        || name.StartsWith("Post", StringComparison.Ordinal) || name.StartsWith("Put", StringComparison.Ordinal) || name.StartsWith("Patch", StringComparison.Ordinal)
        || name.StartsWith("Delete", StringComparison.Ordinal) || name.StartsWith("Send", StringComparison.Ordinal);

    /// <summary>A generated client of a gRPC service.</summary>
    private static bool DerivesFromGrpcClient(ITypeSymbol type)
    {
        for (var ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (ancestor is { Name: "ClientBase", ContainingNamespace: { Name: "Core", ContainingNamespace.Name: "Grpc" } })
                return true;
        }

        return false;
    }

    private static INamedTypeSymbol TypeOf(IMethodSymbol method) => method.ContainingType;
}
