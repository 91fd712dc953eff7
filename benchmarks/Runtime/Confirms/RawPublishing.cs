using System.Collections.Concurrent;
using System.Diagnostics;
using RabbitMQ.Client;

namespace Reliability.Benchmarks.Confirms;

/// <summary>The client itself, as people pipeline it by hand.</summary>
internal static class RawPublishing
{
    private static readonly byte[] Body = new byte[400];

    public static Task<TimeSpan> ByClientAsync(Uri broker, string queue, int messages, int window) =>
        TrackedAsync(broker, queue, messages, window, new CreateChannelOptions(true, true));

    public static async Task<TimeSpan> ByLimitedClientAsync(Uri broker, string queue, int messages, int window)
    {
        await using var limiter = new ThrottlingRateLimiter(window * 2);
        return await TrackedAsync(broker, queue, messages, window, new CreateChannelOptions(true, true, limiter));
    }

    /// <summary>The channel's events, which confirm many messages at once.</summary>
    public static async Task<TimeSpan> ByChannelAsync(Uri broker, string queue, int messages, int window)
    {
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, false));
        using var places = new SemaphoreSlim(window);
        var (outstanding, confirmed, done) = (new ConcurrentDictionary<ulong, bool>(), 0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        ulong oldest = 1;
        channel.BasicAcksAsync += (_, ack) =>
        {
            var count = 0;
            for (var number = ack.Multiple ? oldest : ack.DeliveryTag; number <= ack.DeliveryTag; number++)
                count += outstanding.TryRemove(number, out var _) ? 1 : 0;
            if (ack.Multiple)
                oldest = ack.DeliveryTag + 1;
            places.Release(count);
            if ((confirmed += count) == messages)
                done.SetResult();
            return Task.CompletedTask;
        };
        channel.BasicNacksAsync += (_, nack) =>
        {
            done.TrySetException(new InvalidOperationException($"Message {nack.DeliveryTag} was nacked."));
            return Task.CompletedTask;
        };
        var began = Stopwatch.GetTimestamp();
        for (var number = 1; number <= messages; number++)
        {
            await places.WaitAsync();
            outstanding[(ulong)number] = true;
            await channel.BasicPublishAsync("", queue, mandatory: true, Properties(number), Body);
        }

        await done.Task;
        return Stopwatch.GetElapsedTime(began);
    }

    private static async Task<TimeSpan> TrackedAsync(Uri broker, string queue, int messages, int window, CreateChannelOptions options)
    {
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(options);
        using var places = new SemaphoreSlim(window);
        var sent = new List<Task>(messages);
        var began = Stopwatch.GetTimestamp();
        for (var number = 1; number <= messages; number++)
        {
            await places.WaitAsync();
            sent.Add(SendAsync(number));
        }

        await Task.WhenAll(sent);
        return Stopwatch.GetElapsedTime(began);

        async Task SendAsync(int number)
        {
            await channel.BasicPublishAsync("", queue, mandatory: true, Properties(number), Body);
            places.Release();
        }
    }

    private static BasicProperties Properties(int number) => new() { Persistent = true, MessageId = $"message-{number}", ContentType = "application/json" };
}
