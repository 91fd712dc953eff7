using System.Text;

namespace Reliability.Generators.Emitting;

/// <summary>Makes identifiers of other names.</summary>
internal static class Identifiers
{
    /// <summary>The text with an underscore for everything that no identifier holds.</summary>
    public static string From(string text)
    {
        var identifier = new StringBuilder();
        foreach (var c in text)
        {
            identifier.Append(char.IsLetterOrDigit(c) ? c : '_');
        }

        return identifier.Length == 0 || char.IsDigit(identifier[0]) ? "_" + identifier : identifier.ToString();
    }
}
