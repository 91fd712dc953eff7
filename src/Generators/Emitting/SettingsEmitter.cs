using System.Globalization;
using Reliability.Generators.Model;

namespace Reliability.Generators.Emitting;

/// <summary>Writes a handler attribute's settings as properties of its descriptor.</summary>
internal static class SettingsEmitter
{
    /// <returns>An assignment for each that is not the default.</returns>
    public static IReadOnlyList<string> Written(SettingsModel settings)
    {
        var written = new List<string>();
        Add("Attempts", settings.Attempts?.ToString(CultureInfo.InvariantCulture));
        Add("Group", settings.Group?.ToString(CultureInfo.InvariantCulture));
        Add("DedupeByOffset", settings.DedupeByOffset ? "true" : null);
        Add("FormerNames", Array("string", settings.FormerNames.Select(WrapperEmitter.Literal)));
        Add("Timeout", Duration("FromSeconds", settings.TimeoutSeconds));
        Add("Retention", Duration("FromHours", settings.RetentionHours));
        Add("DeadLetterOn", Array("global::System.Type", settings.DeadLetterOn.Select(type => $"typeof({type})")));
        Add("StopOn", Array("global::System.Type", settings.StopOn.Select(type => $"typeof({type})")));
        return written;

        void Add(string property, string? value)
        {
            if (value is not null)
            {
                written.Add($"{property} = {value}");
            }
        }
    }

    private static string? Array(string type, IEnumerable<string> items)
    {
        var list = string.Join(", ", items);
        return list.Length > 0 ? $"new {type}[] {{ {list} }}" : null;
    }

    // With its suffix, the number fits the one overload that every framework has.
    private static string? Duration(string method, double? value) =>
        value is { } number ? $"global::System.TimeSpan.{method}({number.ToString("R", CultureInfo.InvariantCulture)}d)" : null;
}
