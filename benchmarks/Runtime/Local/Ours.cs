using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Reliability.Benchmarks.Local;

/// <summary>Counts what handlers have begun, and when the first did.</summary>
internal sealed class Progress(int expected)
{
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _first;
    private int _begun;

    public Task AllBegun => _all.Task;

    public TimeSpan SinceFirst => Stopwatch.GetElapsedTime(_first);

    public void Begin()
    {
        Interlocked.CompareExchange(ref _first, Stopwatch.GetTimestamp(), 0);
        if (Interlocked.Increment(ref _begun) == expected)
            _all.TrySetResult();
    }
}

/// <summary>A handler whose group is as large as the default allows, and one that opts out of groups.</summary>
internal static class Billing
{
    [LocalHandler("grouped", DedupeKey = nameof(PaymentTaken.PaymentId))]
    public static Task GroupedAsync(PaymentTaken payment, NpgsqlTransaction transaction, Progress progress, CancellationToken cancellationToken) =>
        HandleAsync(payment, transaction, progress, cancellationToken);

    [LocalHandler("single", DedupeKey = nameof(PaymentTaken.PaymentId), Group = 1)]
    public static Task SingleAsync(PaymentTaken payment, NpgsqlTransaction transaction, Progress progress, CancellationToken cancellationToken) =>
        HandleAsync(payment, transaction, progress, cancellationToken);

    [LocalHandler("batched", DedupeKey = nameof(PaymentTaken.PaymentId))]
    public static void Batched(PaymentTaken payment, NpgsqlBatch batch, Progress progress)
    {
        progress.Begin();
        batch.BatchCommands.Add(BusinessTable.Command(payment));
    }

    private static Task HandleAsync(PaymentTaken payment, NpgsqlTransaction transaction, Progress progress, CancellationToken cancellationToken)
    {
        progress.Begin();
        return BusinessTable.AddAsync(transaction.Connection!, transaction, payment, cancellationToken);
    }
}

/// <summary>The product over its own local queue.</summary>
internal static class Ours
{
    public static async Task<TimeSpan> RunAsync(string connectionString, string queue, int messages)
    {
        var progress = new Progress(messages);
        using var host = Build(connectionString, progress);
        await FillAsync(host.Services.GetRequiredService<IMessageStore>(), queue, messages);
        await host.StartAsync();
        await progress.AllBegun;
        await WaitUntilEmptyAsync(connectionString);
        var elapsed = progress.SinceFirst;
        await host.StopAsync();
        return elapsed;
    }

    private static IHost Build(string connectionString, Progress progress)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(progress);
        builder.Services.AddReliability(reliability => reliability.UsePostgreSql(connectionString).AddHandlers());
        return builder.Build();
    }

    private static async Task FillAsync(IMessageStore store, string queue, int messages)
    {
        await store.StartAsync([], CancellationToken.None);
        for (var first = 0; first < messages; first += 1000)
        {
            await using var work = await store.BeginAsync(CancellationToken.None);
            await work.AddToOutboxAsync([.. Enumerable.Range(first, Math.Min(1000, messages - first)).Select(number => Row(queue, number))], null, CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }
    }

    private static OutboxRow Row(string queue, int number)
    {
        var id = Guid.CreateVersion7();
        return new OutboxRow
        {
            Transport = TransportNames.Local,
            Route = queue,
            Envelope = new Envelope { MessageId = id.ToString("D"), MessageName = nameof(PaymentTaken), Body = Bodies.Of(id, number) },
        };
    }

    private static async Task WaitUntilEmptyAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT EXISTS (SELECT FROM reliability.outbox)", connection);
        while ((bool)(await command.ExecuteScalarAsync())!)
            await Task.Delay(5);
    }
}
