using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Reliability.Tool.Stores;

/// <summary>Which store: a kind and what it is opened by. It may hold a password, so nothing prints it.</summary>
internal sealed class StoreAddress
{
    private const string Variable = "RELIABILITY_STORE";
    private const string Settings = "appsettings.json";

    private readonly string _kind;
    private readonly string _place;

    private StoreAddress(string kind, string place) => (_kind, _place) = (kind, place);

    /// <summary>As it is given, else from the environment, else from the settings in this folder.</summary>
    /// <exception cref="UsageException">Nowhere, or it cannot be read.</exception>
    public static StoreAddress Find(string? given) => Parse(given ?? Environment.GetEnvironmentVariable(Variable) ?? FromSettings()
        ?? throw new UsageException($"Which store? Give --store sqlite:FILE or --store postgresql:CONNECTION-STRING, or set {Variable}, which keeps a password out of the process list."));

    public static StoreAddress Parse(string address)
    {
        var colon = address.IndexOf(':', StringComparison.Ordinal);
        var kind = colon < 0 ? "" : address[..colon].ToLowerInvariant();
        var place = address[(colon + 1)..];
        if (place.Trim().Length == 0 || kind is not ("sqlite" or "postgresql" or "postgres"))
        {
            // Not what it says instead: that may be a connection string.
            throw new UsageException("The store's address must begin with sqlite: or postgresql:, with a file or a connection string behind it.");
        }

        return new StoreAddress(kind, place);
    }

    /// <param name="schema">PostgreSQL's schema; null: the default one.</param>
    public OpenedStore Open(string? schema)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddReliability(reliability =>
        {
            if (_kind == "sqlite")
            {
                reliability.UseSqlite(_place);
            }
            else
            {
                reliability.UsePostgreSql(_place, options => options.Schema = schema ?? options.Schema);
            }
        });
        return new OpenedStore(services.BuildServiceProvider());
    }

    private static string? FromSettings()
    {
        if (!File.Exists(Settings))
        {
            return null;
        }

        try
        {
            using var settings = JsonDocument.Parse(
                File.ReadAllBytes(Settings), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            return settings.RootElement.TryGetProperty("Reliability", out var section) && section.TryGetProperty("Store", out var store) ? store.GetString() : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new UsageException($"./{Settings} cannot be read: {error.Message}");
        }
    }
}

/// <summary>A store, and what it was opened with.</summary>
internal sealed class OpenedStore(ServiceProvider services) : IAsyncDisposable
{
    public IMessageStore Store { get; } = services.GetRequiredService<IMessageStore>();

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
