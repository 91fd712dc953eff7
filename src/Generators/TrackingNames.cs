namespace Reliability.Generators;

/// <summary>The names of the generator's steps, by which tests see what an edit runs again.</summary>
internal static class TrackingNames
{
    public const string MarkedMethods = nameof(MarkedMethods);
    public const string Handlers = nameof(Handlers);
    public const string JsonContexts = nameof(JsonContexts);
    public const string AssemblyName = nameof(AssemblyName);
    public const string Wrappers = nameof(Wrappers);
    public const string Registration = nameof(Registration);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [MarkedMethods, Handlers, JsonContexts, AssemblyName, Wrappers, Registration];
}
