using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Flow;

/// <summary>What the compilation tells dependency injection to hand out: services by their type, and what configures options.</summary>
internal sealed class Registrations
{
    private static readonly string[] Adding = { "AddSingleton", "AddScoped", "AddTransient", "TryAddSingleton", "TryAddScoped", "TryAddTransient" };

    private static readonly string[] Configuring = { "Configure", "PostConfigure", "ConfigureAll", "Bind", "BindConfiguration" };

    private readonly Lazy<IReadOnlyList<IInvocationOperation>> _services;
    private readonly Lazy<IReadOnlyList<IInvocationOperation>> _options;

    private readonly Lazy<HashSet<string>> _bound;

    public Registrations(Compilation compilation, CompilationFlow flow)
    {
        _services = new(() => Calls(Adding, compilation, flow));
        _options = new(() => Calls(Configuring, compilation, flow));
        _bound = new(() => new(_options.Value.Where(static call => call.TargetMethod.Name == "Bind").SelectMany(static call => call.Arguments).Select(static one => one.Value.Unwrap().Type?.Name ?? ""), StringComparer.Ordinal));
    }

    /// <summary>The objects, or the factories of them, that are registered for a type; none where one of them is out of view.</summary>
    public ImmutableArray<IOperation> Of(ITypeSymbol service) => All(
        _services.Value.Where(call => call.TargetMethod.TypeArguments.Length > 0 && Same(call.TargetMethod.TypeArguments[0], service)),
        static call => call.Argument("implementationInstance")?.Value ?? call.Argument("instance")?.Value ?? FunctionIn(call.Argument("implementationFactory")));

    /// <summary>The lambdas that configure options of a type, in the order of the source; none where something else fills them too.</summary>
    public ImmutableArray<IOperation> OfOptions(ITypeSymbol options) => All(
        _options.Value.Where(call => (call.TargetMethod.TypeArguments.Length > 0 && Same(call.TargetMethod.TypeArguments[0], options))
            || (call.TargetMethod.ContainingType is { TypeArguments.Length: 1 } builder && Same(builder.TypeArguments[0], options))
            || (call.TargetMethod.IsExtensionMethod && call.Receiver()?.Unwrap().Type is INamedTypeSymbol { Name: "OptionsBuilder" } receiver && Same(receiver.TypeArguments[0], options))),
        static call => FunctionIn(call.Argument("configureOptions")));

    /// <summary>Whether a configuration is bound to an object of a type.</summary>
    public bool IsBound(string typeName) => _bound.Value.Contains(typeName);

    private static ImmutableArray<IOperation> All(IEnumerable<IInvocationOperation> calls, Func<IInvocationOperation, IOperation?> read)
    {
        var found = ImmutableArray.CreateBuilder<IOperation>();
        foreach (var call in calls)
        {
            if (read(call) is not { } value)
                return ImmutableArray<IOperation>.Empty;
            found.Add(value);
        }

        return found.ToImmutable();
    }

    private static IOperation? FunctionIn(IArgumentOperation? argument) => (argument?.Value.Unwrap() as IDelegateCreationOperation)?.Target as IAnonymousFunctionOperation;

    private static List<IInvocationOperation> Calls(string[] names, Compilation compilation, CompilationFlow flow) => names
        .SelectMany(name => SourceSearch.BodiesNaming(name, compilation, flow)).Distinct()
        .SelectMany(static body => body.Root.Descendants().OfType<IInvocationOperation>())
        .Where(call => Array.IndexOf(names, call.TargetMethod.Name) >= 0 && call.TargetMethod.ContainingNamespace?.ToDisplayString() is { } space && space.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal))
        .ToList();

    private static bool Same(ITypeSymbol one, ITypeSymbol other) => SymbolEqualityComparer.Default.Equals(one, other);
}
