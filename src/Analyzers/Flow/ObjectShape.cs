using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Flow;

/// <summary>One setting of an object that is configured step by step: what creation leaves it at, and what each later use does to it.</summary>
internal abstract record ObjectShape(CompilationFlow Flow) : Shape
{
    protected MessagingTypes Types => Flow.Types;

    /// <summary>An object that others can reach may be changed by them, so only members of the family are closed.</summary>
    public sealed override bool IsClosed(ISymbol member) => member.DeclaredAccessibility.IsOfFamily() || IsInView(member, isOwned: false);

    public sealed override bool IsClosedIn(ISymbol member, bool isOwned) => IsClosed(member) || (isOwned && IsInView(member, isOwned: true));

    /// <summary>Whether everything that may change the object in a member that others can reach is in the compilation; <paramref name="isOwned"/> says that the member's owner was made in view.</summary>
    protected virtual bool IsInView(ISymbol member, bool isOwned) => false;

    public sealed override Func<Outcomes, Outcomes>? Effect(Use use, Func<Use, Func<Outcomes, Outcomes>?> intoCallee) => use.Kind switch
    {
        UseKind.MemberSet => MemberSet(use),
        UseKind.MemberSetIfNull => MemberSet(use) is { } set ? before => before.Fill(set(before)) : null,
        UseKind.MemberRewritten => MemberSet(use with { Value = use.Site }) is null ? null : static _ => Outcomes.Unknown,
        UseKind.Called when use.Site is IInvocationOperation call => Called(call) is { IsFollowed: true } change ? change.Effect : intoCallee(use) ?? Outside(call.TargetMethod),
        UseKind.Passed when IsHandledElsewhere(use) => null,
        UseKind.Passed => intoCallee(use) ?? Outside(use.Member?.ContainingSymbol),
        UseKind.Stored => use.Member is { DeclaredAccessibility: Accessibility.NotApplicable } || (use.Member is { } member && IsClosedIn(member, isOwned: true)) ? null : static _ => Outcomes.Unknown,
        UseKind.Escapes => static _ => Outcomes.Unknown,
        _ => null,
    };

    /// <summary>What setting a member, or an element by its key, does.</summary>
    protected abstract Func<Outcomes, Outcomes>? MemberSet(Use use);

    /// <summary>What calling a method on the object does; <see cref="Change.NotFollowed"/> where the method is not the object's own.</summary>
    protected abstract Change Called(IInvocationOperation call);

    protected static Func<Outcomes, Outcomes> Becomes(IOperation value, IOperation site) => _ => Outcomes.Set(value, site);

    private bool IsHandledElsewhere(Use use) => use.Site.Parent is IObjectCreationOperation creation && SharedBy(creation) is not null;

    /// <summary>The clients only read what they are given, and so do the base library and loggers; anyone else may change it.</summary>
    private Func<Outcomes, Outcomes>? Outside(ISymbol? code) => code is not null && (Types.IsClientCode(code) || OnlyReads(code)) ? null : static _ => Outcomes.Unknown;

    private static bool OnlyReads(ISymbol code)
    {
        if (code.ContainingType is not { } type || type.ContainingNamespace is not { } space)
            return false;

        return space.ToDisplayString() is "Microsoft.Extensions.Logging"
            || (type.Name is "Console" or "String" or "Convert" or "GC" or "Object" or "ArgumentNullException" or "Debug" or "Trace" or "JsonSerializer" or "StringBuilder" or "Dictionary"
                && code is IMethodSymbol { MethodKind: not MethodKind.Ordinary } or { ContainingType.Name: not "Dictionary" }
                && space.ToDisplayString() is var name
                && (name == "System" || name.StartsWith("System.", StringComparison.Ordinal)));
    }

    /// <summary>What a call does to the setting; a null effect changes nothing.</summary>
    protected readonly record struct Change(bool IsFollowed, Func<Outcomes, Outcomes>? Effect)
    {
        public static readonly Change NotFollowed;

        public static readonly Change None = new(true, null);

        public static Change Of(Func<Outcomes, Outcomes> effect) => new(true, effect);
    }
}
