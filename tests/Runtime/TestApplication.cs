using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Reliability.Tests;

/// <summary>
/// A real host over a real database: a SQLite file of its own, or the place it is given, which several applications may share as processes do. Stopped and
/// started again, it is the same application after a restart.
/// </summary>
internal sealed class TestApplication(TestPlace? place = null) : IAsyncDisposable
{
    private readonly TestPlace _place = place ?? new SqliteTestPlace();
    private readonly List<Action<ReliabilityBuilder>> _configure = [];
    private IHost? _host;

    /// <summary>The SQLite file, where it is one.</summary>
    public string File => ((SqliteTestPlace)_place).File;

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
        ((SqliteTestPlace)_place).Configure = configure;
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
        await _place.PrepareAsync();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(Logs);
        builder.Services.AddReliability(reliability =>
        {
            _place.Use(reliability);
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

    /// <summary>The business rows, in the order in which they were written.</summary>
    public Task<List<string>> EffectsAsync() => _place.EffectsAsync();

    public Task ExecuteAsync(string sql) => _place.ExecuteAsync(sql);

    public Task<List<string>> EffectsAsync(int count) => Eventually.GetAsync(EffectsAsync, effects => effects.Count >= count);

    public Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(int count) => Eventually.GetAsync(
        async () => await Store.DeadLetters.ListAsync(DeadLetterFilter.All, 0, 100, TestContext.Current.CancellationToken), letters => letters.Count >= count);

    /// <summary>Waits for a line of the log that holds all of these texts.</summary>
    public Task<string?> LoggedAsync(params string[] texts) => Eventually.GetAsync(
        () => Task.FromResult(Logs.Lines.FirstOrDefault(line => texts.All(text => line.Contains(text, StringComparison.Ordinal)))), line => line is not null);

    /// <summary>Waits until nothing is in the outbox and nothing deferred.</summary>
    public Task SettledAsync() => Eventually.GetAsync(
        async () => await Store.CountOutboxAsync(TestContext.Current.CancellationToken) + await Store.CountDeferredAsync(TestContext.Current.CancellationToken),
        rows => rows == 0);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (place is null)
        {
            await _place.DisposeAsync();
        }
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
