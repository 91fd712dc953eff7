using System.Text.Json.Serialization;
using Reliability;
using Reliability.Tool.Service;

[assembly: HandlerJson(typeof(ServiceJson))]

namespace Reliability.Tool.Service;

[PublishTo("shipped", Transport = TransportNames.Local)]
public sealed record Shipped(string Order, string Text);

[JsonSerializable(typeof(Shipped))]
internal sealed partial class ServiceJson : JsonSerializerContext;

/// <summary>What can be handled by now.</summary>
public sealed record Mended(string Folder);

public static class Shipping
{
    // Deferred messages run side by side, and a file that is being appended to cannot be opened by the next.
    private static readonly SemaphoreSlim Effects = new(1, 1);

    [LocalHandler("shipped", DedupeKey = nameof(Shipped.Order), Attempts = 1)]
    public static async Task ShipAsync(Shipped shipped, Mended mended, CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(mended.Folder, shipped.Order)))
        {
            throw new InvalidOperationException($"No shelf for {shipped.Order}; asked Host=db;Password=hunter2;");
        }

        await Effects.WaitAsync(cancellationToken);
        try
        {
            await File.AppendAllTextAsync(Path.Combine(mended.Folder, "effects.txt"), shipped.Order + Environment.NewLine, cancellationToken);
        }
        finally
        {
            Effects.Release();
        }
    }
}
