using System.CommandLine;

namespace Reliability.Tool.Commands;

/// <summary>Options of every command.</summary>
internal static class CommonOptions
{
    public static Option<string?> Store { get; } = new("--store", "-s")
    {
        Description = "The store: sqlite:FILE, or postgresql:CONNECTION-STRING. Default: the environment variable RELIABILITY_STORE, else Reliability:Store in ./appsettings.json.",
        HelpName = "address",
        Recursive = true,
    };

    public static Option<string?> Schema { get; } = new("--schema") { Description = "PostgreSQL: the schema of the tables, where the services do not use the default one.", Recursive = true };

    public static Option<bool> Json { get; } = new("--json") { Description = "Writes one JSON document instead of tables.", Recursive = true };
}
