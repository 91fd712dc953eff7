namespace Reliability.Tool.Service;

internal static class ServiceStore
{
    /// <summary>Named as the tool names it.</summary>
    public static void Use(ReliabilityBuilder reliability, string store)
    {
        var place = store[(store.IndexOf(':', StringComparison.Ordinal) + 1)..];
        if (store.StartsWith("sqlite:", StringComparison.Ordinal))
        {
            reliability.UseSqlite(place);
        }
        else
        {
            reliability.UsePostgreSql(place);
        }
    }
}
