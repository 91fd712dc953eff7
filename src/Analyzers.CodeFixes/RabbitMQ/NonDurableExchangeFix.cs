using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>REL1101: declares the exchange durable.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NonDurableExchangeFix))]
public sealed class NonDurableExchangeFix() : DurableFix(Rules.NonDurableExchange, "Declare the exchange durable");
