using Microsoft.CodeAnalysis;

namespace Reliability.Analyzers.Flow;

/// <summary>
/// What the tracer is asked to know about a value: the value itself, or one setting of an object (an acknowledgement mode, a delivery mode).
/// Two shapes that ask for the same thing are equal: answers are kept by shape.
/// </summary>
internal abstract record Shape
{
    /// <summary>
    /// What is known of a value where it is made: a literal, a creation, a call. Creations that copy or share another object evaluate it by <paramref name="evaluate"/>.
    /// </summary>
    public abstract Outcomes Made(IOperation origin, Func<IOperation, Outcomes> evaluate);

    /// <summary>The object whose content a creation goes on sharing (a configuration copied from another shares its dictionary), or null.</summary>
    public virtual IOperation? SharedBy(IOperation creation) => null;

    /// <summary>Whether an object's type is declared in view, derives from one that the shape knows, and so is followed through its constructors.</summary>
    public virtual bool IsBuiltInView(ITypeSymbol? type) => false;

    /// <summary>Whether everything that can change what a field or property holds is inside its type.</summary>
    public abstract bool IsClosed(ISymbol member);

    /// <summary>The same for a member of an object that may be known to be made in view.</summary>
    public virtual bool IsClosedIn(ISymbol member, bool isOwned) => IsClosed(member);

    /// <summary>Whether objects of a type are what the shape is about, and so are looked for where constructors are called and containers filled.</summary>
    public virtual bool IsInjected(ITypeSymbol type) => false;

    /// <summary>
    /// How a use of the object changes what is known, or null where it changes nothing.
    /// <paramref name="intoCallee"/> follows the object into a method in view that it is passed to.
    /// </summary>
    public virtual Func<Outcomes, Outcomes>? Effect(Use use, Func<Use, Func<Outcomes, Outcomes>?> intoCallee) => null;

    /// <summary>What a private member holds that nothing ever assigns.</summary>
    public virtual Outcomes NeverAssigned => Outcomes.Unknown;
}

/// <summary>The value itself: which expressions it may come from.</summary>
internal sealed record ItsOrigin : Shape
{
    public static readonly ItsOrigin Instance = new();

    public override Outcomes NeverAssigned => Outcomes.Unset(null);

    public override Outcomes Made(IOperation origin, Func<IOperation, Outcomes> evaluate) => Outcomes.Set(origin, origin);

    public override bool IsClosed(ISymbol member) => member switch
    {
        IFieldSymbol field => field.IsReadOnly || field.DeclaredAccessibility.IsOfFamily(),
        IPropertySymbol property => property.SetMethod is null || property.SetMethod.DeclaredAccessibility.IsOfFamily() || property.DeclaredAccessibility.IsOfFamily(),
        _ => false,
    };
}

internal static class Accessibilities
{
    /// <summary>Whether only a type and its heirs can touch a member.</summary>
    public static bool IsOfFamily(this Accessibility accessibility) => accessibility is Accessibility.Private or Accessibility.Protected or Accessibility.ProtectedAndInternal;
}
