namespace Reliability.Tool.Service;

internal static class ServiceStore
{
    public static void Use(ReliabilityBuilder reliability, string store) => reliability.UseSqlite(store["sqlite:".Length..]);
}
