using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliability.Generators.Emitting;
using Reliability.Generators.Parsing;

namespace Reliability.Generators;

/// <summary>
/// Writes a wrapper for every method marked as a handler, and the <c>AddHandlers</c> that registers them. It reports nothing: for what it leaves out,
/// <see cref="HandlerAnalyzer"/> says why.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class HandlerGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var handlers = MethodsMarked(context, KnownTypes.RabbitMqHandler)
            .Combine(MethodsMarked(context, KnownTypes.KafkaHandler))
            .Combine(MethodsMarked(context, KnownTypes.LocalHandler))
            .Select(static (marked, _) => AssemblyHandlers.From([.. marked.Left.Left, .. marked.Left.Right, .. marked.Right]))
            .WithTrackingName(TrackingNames.Handlers);

        var contexts = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                KnownTypes.HandlerJson,
                static (node, _) => node is CompilationUnitSyntax,
                static (found, token) => Registration.ReadContexts(found, token))
            .WithTrackingName(TrackingNames.JsonContexts)
            .Collect();

        var assemblyName = context.CompilationProvider
            .Select(static (compilation, _) => compilation.AssemblyName ?? "")
            .WithTrackingName(TrackingNames.AssemblyName);

        var wrappers = handlers
            .SelectMany(static (all, _) => all.Handlers)
            .WithTrackingName(TrackingNames.Wrappers);

        var registration = handlers.Combine(contexts).Combine(assemblyName)
            .Select(static (all, _) => Registration.Create(all.Left.Left, all.Left.Right, all.Right))
            .WithTrackingName(TrackingNames.Registration);

        context.RegisterSourceOutput(wrappers, static (output, handler) =>
            output.AddSource($"{handler.WrapperName}.g.cs", new WrapperEmitter(handler).Emit()));
        context.RegisterSourceOutput(registration, static (output, model) =>
        {
            if (model is not null)
            {
                output.AddSource("AddHandlers.g.cs", new RegistrationEmitter(model).Emit());
            }
        });
    }

    private static IncrementalValueProvider<ImmutableArray<MarkedMethod>> MethodsMarked(
        IncrementalGeneratorInitializationContext context, string attribute) =>
        context.SyntaxProvider
            .ForAttributeWithMetadataName(
                attribute,
                static (node, _) => node is MethodDeclarationSyntax,
                (found, token) => MarkedMethod.Read(found, attribute, token))
            .WithTrackingName(TrackingNames.MarkedMethods)
            .Collect();
}
