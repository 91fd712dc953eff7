using System.Threading.Channels;
using RabbitMQ.Client;
using Reliability.Benchmarks.Measuring;

namespace Reliability.Benchmarks.HandWritten;

/// <summary>
/// The sketch without features, the practical limit: what is at hand, up to 200 messages, in one transaction; one ack for all of them; outgoing messages published from
/// memory, with a window of confirms; what was confirmed is removed many rows at a time. It knows no failures: whatever goes wrong ends it.
/// </summary>
/// <param name="queues">The broker's queues.</param>
/// <param name="ledger">The database.</param>
/// <param name="batched">Whether the business rows of a group travel together, or each in a round trip of its own, as independent handlers send them.</param>
/// <param name="meter">Measures.</param>
internal sealed class GroupedLoop(RabbitQueues queues, ILedger ledger, bool batched, Meter meter)
{
    private const int Group = 200;

    private readonly Channel<(long Row, Outgoing Message)> _outgoing = Channel.CreateUnbounded<(long, Outgoing)>(new() { SingleReader = true });
    private int _left;

    public async Task RunAsync(int messages, int workers, bool duplicates = false)
    {
        _left = messages;
        await using var receiving = await queues.OpenConnectionAsync();
        await using var sending = await queues.OpenConnectionAsync();
        // Each has its own channel, so that one ack can mean all below it.
        var consumers = await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => RawConsumer.OpenAsync(receiving, Queues.Payments, 2 * Group)));
        var removals = new Removals(ledger, duplicates ? 0 : messages);
        var working = consumers.Select(consumer => Task.Run(() => WorkAsync(consumer, consumers))).ToList();
        await Task.WhenAll([.. working, Task.Run(() => SendAsync(sending, removals)), Task.Run(removals.RunAsync)]);
        foreach (var consumer in consumers)
            await consumer.DisposeAsync();
    }

    private async Task WorkAsync(RawConsumer consumer, RawConsumer[] all)
    {
        await using var session = await ledger.OpenAsync();
        var group = new List<Incoming>(Group);
        while (await consumer.Deliveries.WaitToReadAsync())
        {
            meter.Start();
            group.Clear();
            while (group.Count < Group && consumer.Deliveries.TryRead(out var delivery))
                group.Add(delivery);

            await HandleAsync(session, group);
            await consumer.AckAsync(group[^1].Tag, multiple: true);
            if (Interlocked.Add(ref _left, -group.Count) == 0)
            {
                Array.ForEach(all, other => other.Complete());
                _outgoing.Writer.Complete();
            }
        }
    }

    private async Task HandleAsync(ILedgerSession session, List<Incoming> group)
    {
        await session.BeginAsync();
        var marked = await session.MarkAsync(group.ConvertAll(delivery => Guid.Parse(delivery.Id)));
        var payments = group.Where(delivery => marked.Contains(Guid.Parse(delivery.Id))).Select(delivery => Bodies.Read(delivery.Body)).ToList();
        if (batched && payments.Count > 0)
        {
            await session.AddAllAsync(payments);
        }
        else
        {
            foreach (var payment in payments)
                await session.AddAsync(payment);
        }

        var invoices = payments.ConvertAll(payment => new Outgoing(Guid.CreateVersion7(), Bodies.Of(InvoiceIssued.For(payment))));
        var rows = invoices.Count > 0 ? await session.SendAsync(invoices) : [];
        await session.CommitAsync();
        for (var index = 0; index < rows.Count; index++)
            _outgoing.Writer.TryWrite((rows[index], invoices[index]));
    }

    private async Task SendAsync(IConnection connection, Removals removals)
    {
        await using var publisher = await RawPublisher.OpenAsync(connection, Queues.Invoices, nameof(InvoiceIssued), window: 1000);
        await foreach (var (row, message) in _outgoing.Reader.ReadAllAsync())
            await publisher.SendAsync(message, () => removals.Add(row));

        await publisher.AllConfirmedAsync();
    }
}
