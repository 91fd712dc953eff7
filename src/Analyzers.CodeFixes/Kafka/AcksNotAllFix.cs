using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reliability.Analyzers.CodeFixes.Edits;

namespace Reliability.Analyzers.CodeFixes.Kafka;

/// <summary>REL2101: waits for all in-sync replicas: <c>Acks.All</c>, or <c>"all"</c> where the key is written as text.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AcksNotAllFix))]
public sealed class AcksNotAllFix() : MessagingFix(Rules.AcksNotAll, "Wait for all in-sync replicas")
{
    private protected override async Task MendAsync(SolutionEdits edits, Diagnostic diagnostic)
    {
        if (await edits.AtAsync(diagnostic.Location).ConfigureAwait(false) is not var (document, node)
            || node.FirstAncestorOrSelf<ExpressionSyntax>() is not { } value)
        {
            return;
        }

        var type = document.Model.GetTypeInfo(value);
        if ((type.Type ?? type.ConvertedType)?.SpecialType == SpecialType.System_String)
            document.Replace(value, InitializerEdits.Text("all"));
        else if (AcksOf(type.ConvertedType) is { } acks)
            document.Replace(value, SyntaxFactory.MemberAccessExpression(
                SyntaxKind.SimpleMemberAccessExpression, document.Name(acks), SyntaxFactory.IdentifierName("All")));
    }

    /// <summary>The enumeration, behind the nullable that the property has.</summary>
    private static INamedTypeSymbol? AcksOf(ITypeSymbol? type) => type switch
    {
        INamedTypeSymbol { TypeKind: TypeKind.Enum } acks => acks,
        INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable => nullable.TypeArguments[0] as INamedTypeSymbol,
        _ => null,
    };
}
