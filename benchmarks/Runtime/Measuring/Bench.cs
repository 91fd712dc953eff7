using Reliability.Tests.Services;
using Spectre.Console;

namespace Reliability.Benchmarks.Measuring;

/// <summary>What all scenarios of one invocation share: the servers, started when first asked for, and how much is run.</summary>
/// <param name="scale">Multiplies the messages of each scenario.</param>
/// <param name="rounds">Rounds that count; one more comes before, to warm up.</param>
/// <param name="only">The keys of the contenders that run; none: all.</param>
internal sealed class Bench(double scale, int rounds, IReadOnlyCollection<string> only) : IAsyncDisposable
{
    private PostgreSqlServer? _database;
    private RabbitMqServer? _broker;

    public double Scale => scale;

    public int Rounds => rounds;

    public async Task<PostgreSqlServer> DatabaseAsync() => _database ??= await PostgreSqlServer.StartAsync();

    public async Task<RabbitMqServer> BrokerAsync() => _broker ??= await RabbitMqServer.StartAsync();

    /// <summary>So many messages, or as many more or fewer as was asked for.</summary>
    public int Messages(int ordinary) => Math.Max(100, (int)(ordinary * scale));

    /// <summary>Lets the contenders take turns, so that whatever else the machine does meets all of them.</summary>
    /// <returns>Those that ran.</returns>
    public async Task<IReadOnlyList<Contender>> RunAsync(IReadOnlyList<Contender> all, int mostRounds = int.MaxValue)
    {
        var contenders = only.Count == 0 ? all : [.. all.Where(contender => only.Contains(contender.Key))];
        for (var round = 0; round <= Math.Min(rounds, mostRounds); round++)
        {
            foreach (var contender in contenders)
            {
                var meter = new Meter();
                await contender.RunAsync(meter);
                AnsiConsole.MarkupLineInterpolated($"[grey]{(round == 0 ? "warm-up" : $"round {round}")}  {contender.Name}: {meter.Measured.Rate:N0}/s[/]");
                if (round > 0)
                    contender.Runs.Add(meter.Measured);
            }
        }

        return contenders;
    }

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null)
            await _broker.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }
}
