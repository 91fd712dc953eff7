using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Reliability.Analyzers.CodeFixes.RabbitMQ;

/// <summary>REL1102: declares the queue durable.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NonDurableQueueFix))]
public sealed class NonDurableQueueFix() : DurableFix(Rules.NonDurableQueue, "Declare the queue durable");
