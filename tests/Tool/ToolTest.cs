using System.Text.Json;

namespace Reliability.Tests;

/// <summary>A scratch folder with a store that a service runs on, and the tool beside it.</summary>
public abstract class ToolTest : IAsyncLifetime
{
    private ServiceProcess? _service;

    protected string Folder { get; } = Directory.CreateTempSubdirectory("reliability-tool-").FullName;

    protected abstract string Store { get; }

    protected ServiceProcess Service => _service!;

    public virtual async ValueTask InitializeAsync() => _service = await ServiceProcess.StartAsync(Store, Folder);

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    protected Task<ToolRun> RunAsync(params string[] arguments) => ToolProcess.RunAsync(Store, arguments, folder: Folder);

    /// <summary>From now on the service can handle these.</summary>
    protected void Mend(params string[] orders)
    {
        foreach (var order in orders)
        {
            File.WriteAllText(Path.Combine(Folder, order), "");
        }
    }

    /// <summary>What the service's handler did.</summary>
    protected string[] Effects() => File.Exists(Path.Combine(Folder, "effects.txt")) ? File.ReadAllLines(Path.Combine(Folder, "effects.txt")) : [];

    protected async Task<string[]> EffectsAsync(int count) => await Eventually.GetAsync(() => Task.FromResult(Effects()), effects => effects.Length >= count);

    /// <summary>Waits for that many dead letters, and gives them as the tool lists them.</summary>
    protected async Task<JsonElement[]> LettersAsync(int count, params string[] options) => await Eventually.GetAsync(
        async () => (await RunAsync(["dead-letters", "list", "--json", .. options])).Json.GetProperty("letters").EnumerateArray().ToArray(),
        letters => letters.Length == count);

    protected async Task<JsonElement[]> BrokenAsync(params string[] orders)
    {
        await Service.PublishAsync(orders);
        return await LettersAsync(orders.Length);
    }

    protected static string Id(JsonElement letter) => letter.GetProperty("id").GetInt64().ToString(null, null);
}

internal static class Eventually
{
    /// <summary>Asks until the answer is right; fails with the last answer.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T>> ask, Func<T, bool> isRight)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (isRight(answer))
            {
                return answer;
            }

            Assert.True(
                TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(1), $"Still {(answer is System.Collections.ICollection many ? $"{many.Count} items" : answer)}.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
