using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Reliability.Analyzers.Flow;

/// <summary>Tells work, which must be done before a message is settled, from what only looks: logging, decoding, measuring.</summary>
internal static class Work
{
    private static readonly string[] LookingNamespaces =
    {
        "Microsoft.Extensions.Logging", "Serilog", "NLog", "log4net", "Newtonsoft.Json", "System.Text", "System.Linq", "System.Diagnostics", "System.Globalization", "System.Reflection",
        "System.Runtime", "System.Buffers", "OpenTelemetry", "System.Collections.Generic", "Prometheus", "App.Metrics", "StatsdClient", "Microsoft.ApplicationInsights", "Spectre.Console",
    };

    private static readonly string[] LookingNames = { "Trace", "Debug", "Print", "WriteLine", "ToString", "GetType", "Equals", "GetHashCode", "Dispose", "Delay", "Sleep", "FromResult" };

    private static readonly string[] Decoding = { "Deserialize", "Decode", "Parse", "TryParse" };

    /// <summary>What may follow <c>Log</c> in the name of a method that only logs; <c>LogAndRequeue</c> does more.</summary>
    private static readonly string[] Logged = { "", "Error", "Info", "Information", "Warn", "Warning", "Debug", "Trace", "Critical", "Fatal", "Verbose", "Exception", "Message", "Failure" };

    /// <summary>How the names of types end that only report what happens.</summary>
    private static readonly string[] Watching = { "Logger", "Diagnostics", "Telemetry", "Metrics", "Tracer", "Tracing", "Instrumentation" };

    private static readonly string[] SystemTypes =
    {
        "String", "Console", "Convert", "Math", "Guid", "DateTime", "DateTimeOffset", "TimeSpan", "Object", "Array", "Enum", "MemoryExtensions", "ReadOnlyMemory", "Memory", "ReadOnlySpan", "Span", "BitConverter",
        "GC", "Environment", "ArgumentNullException", "Type", "Nullable", "BinaryData", "Buffer",
    };

    /// <summary>Whether a call may have an effect that would be missed if it did not happen.</summary>
    public static bool IsWork(IInvocationOperation call, CompilationFlow flow)
    {
        var method = call.TargetMethod;
        if (method.Name is "BasicPublish" or "BasicPublishAsync" || (method.Name is "Produce" or "ProduceAsync" && flow.Types.Kafka?.Declares(method) == true))
            return true;

        return !flow.Types.IsClientCode(method) && !OnlyLooks(method);
    }

    /// <summary>Whether a call only logs, decodes or measures.</summary>
    public static bool OnlyLooks(IMethodSymbol method)
    {
        if (Array.IndexOf(LookingNames, method.Name) >= 0 || Array.Exists(Decoding, name => method.Name.StartsWith(name, StringComparison.Ordinal)) || IsLog(method.Name))
            return true;

        var type = method.ContainingType;
        if (type is null)
            return false;

        // Waiting for what was started elsewhere.
        if (type.Name is "Task" or "ValueTask" or "TaskAwaiter" or "ValueTaskAwaiter" or "TaskAsyncEnumerableExtensions" && method.Name is "ConfigureAwait" or "AsTask" or "GetAwaiter" or "GetResult" or "Wait" or "WaitAsync" or "Preserve")
            return true;

        if (Array.Exists(Watching, suffix => type.Name.EndsWith(suffix, StringComparison.Ordinal)) || type.Name is "Log" or "Trace" or "Debug" or "Debugger" or "Stopwatch" or "Activity" or "Interlocked")
            return true;

        var space = type.ContainingNamespace?.ToDisplayString() ?? "";
        return Array.Exists(LookingNamespaces, one => space == one || space.StartsWith(one + ".", StringComparison.Ordinal)) || (space == "System" && SystemTypes.Contains(type.Name));
    }

    private static bool IsLog(string name)
    {
        if (!name.StartsWith("Log", StringComparison.Ordinal))
            return false;

        var rest = name.Substring("Log".Length);
        return Array.IndexOf(Logged, rest.EndsWith("Async", StringComparison.Ordinal) ? rest.Substring(0, rest.Length - "Async".Length) : rest) >= 0;
    }

    /// <summary>The calls in a piece of code that may be work; those in lambdas made there too.</summary>
    public static IEnumerable<IInvocationOperation> In(IOperation code, CompilationFlow flow) =>
        code.DescendantsAndSelf().OfType<IInvocationOperation>().Where(call => IsWork(call, flow));
}
