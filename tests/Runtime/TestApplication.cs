using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Reliability.Tests;

/// <summary>A real host over a real SQLite file in a scratch folder. Stopped and started again, it is the same application after a restart.</summary>
internal sealed class TestApplication : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("reliability-").FullName;
    private readonly List<Action<ReliabilityBuilder>> _configure = [];
    private Action<SqliteStoreOptions>? _configureStore;
    private IHost? _host;

    public string File => Path.Combine(_folder, "app.db");

    public RecordedLogs Logs { get; } = new();

    public IServiceProvider Services => _host!.Services;

    public IReliability Sender() => Services.GetRequiredService<IReliability>();

    public IMessageStore Store => Services.GetRequiredService<IMessageStore>();

    public TestApplication With(Action<ReliabilityBuilder> configure)
    {
        _configure.Add(configure);
        return this;
    }

    public TestApplication WithStore(Action<SqliteStoreOptions> configure)
    {
        _configureStore = configure;
        return this;
    }

    /// <summary>Handles <see cref="Paid"/> from the local queue "paid".</summary>
    public TestApplication Handle(Func<Paid, HandlerContext, ValueTask> handle, Func<HandlerDescriptor, HandlerDescriptor>? with = null, bool ordered = false) =>
        With(reliability =>
        {
            var handler = new DelegateHandler<Paid>(TestJson.Default.Paid, handle, paid => paid.Order, ordered ? paid => paid.Customer : null);
            var descriptor = new HandlerDescriptor("Test.Paid", TransportNames.Local, "paid", handler);
            reliability.AddMessage(new MessageType<Paid>("Paid", TestJson.Default.Paid, "paid", TransportNames.Local));
            reliability.AddHandler(with?.Invoke(descriptor) ?? descriptor);
        });

    public async Task<TestApplication> StartAsync()
    {
        // Before the host starts: two writers of one SQLite file would only wait for each other.
        await ExecuteAsync("CREATE TABLE IF NOT EXISTS effects(text TEXT NOT NULL)");
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(Logs);
        builder.Services.AddReliability(reliability =>
        {
            reliability.UseSqlite(File, _configureStore);
            reliability.Configure(options =>
            {
                options.Retry.BaseDelay = TimeSpan.FromMilliseconds(20);
                options.Relay.PollInterval = TimeSpan.FromMilliseconds(50);
            });
            _configure.ForEach(configure => configure(reliability));
        });
        var host = builder.Build();
        try
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            _host = host;
        }
        catch
        {
            await ((IAsyncDisposable)host).DisposeAsync();
            throw;
        }

        return this;
    }

    public async Task StopAsync()
    {
        if (_host is { } host)
        {
            _host = null;
            await host.StopAsync(CancellationToken.None);
            await ((IAsyncDisposable)host).DisposeAsync();
        }
    }

    public async Task PublishAsync(params IEnumerable<Paid> messages)
    {
        await using var work = await Sender().BeginAsync(TestContext.Current.CancellationToken);
        foreach (var message in messages)
        {
            work.Outbox.Publish(message);
        }

        await work.CommitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Puts an envelope into the local queue as a foreign or faulty sender would.</summary>
    public async Task DeliverAsync(Envelope envelope, string queue = "paid")
    {
        var local = Services.GetServices<ITransport>().Single(transport => transport.Name == TransportNames.Local);
        var outcome = await local.PublishAsync(new OutgoingMessage(queue, envelope), TestContext.Current.CancellationToken);
        Assert.Equal(PublishOutcome.Confirmed, outcome);
    }

    public async Task<List<string>> EffectsAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={File}");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT text FROM effects ORDER BY rowid";
        var effects = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await rows.ReadAsync(TestContext.Current.CancellationToken))
        {
            effects.Add(rows.GetString(0));
        }

        return effects;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={File}");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public Task<List<string>> EffectsAsync(int count) => Eventually.GetAsync(EffectsAsync, effects => effects.Count >= count);

    public Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(int count) => Eventually.GetAsync(
        async () => await Store.DeadLetters.ListAsync(DeadLetterFilter.All, 0, 100, TestContext.Current.CancellationToken), letters => letters.Count >= count);

    /// <summary>Waits until nothing is in the outbox and nothing deferred.</summary>
    public Task SettledAsync() => Eventually.GetAsync(
        async () => await Store.CountOutboxAsync(TestContext.Current.CancellationToken) + await Store.CountDeferredAsync(TestContext.Current.CancellationToken),
        rows => rows == 0);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}

internal static class Effects
{
    /// <summary>A business row in the handler's transaction.</summary>
    public static void Effect(this HandlerContext context, string text)
    {
        using var command = context.Connection.CreateCommand();
        command.Transaction = context.Transaction;
        command.CommandText = "INSERT INTO effects(text) VALUES (@text)";
        var parameter = command.CreateParameter();
        parameter.ParameterName = "@text";
        parameter.Value = text;
        command.Parameters.Add(parameter);
        command.ExecuteNonQuery();
    }
}

internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Asks until the answer is right; fails with the last answer.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T>> ask, Func<T, bool> isRight)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (isRight(answer))
            {
                return answer;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(deadline) < Patience, $"Still {(answer is System.Collections.ICollection many ? $"{many.Count} items" : answer)} after {Patience}.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}

/// <summary>Everything that was logged, with its exceptions.</summary>
internal sealed class RecordedLogs : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
