using RabbitMQ.Client;
using Reliability.Benchmarks.Measuring;

namespace Reliability.Benchmarks.HandWritten;

/// <summary>
/// The careful loop that people write: for each message one transaction with its inbox row, its business row and its outgoing message; then the outgoing message is
/// published and its confirm awaited, and only then the incoming one is acked. Several workers share the consumer, and so overlap their waits. What was confirmed is
/// removed from the table beside, many rows at a time.
/// </summary>
internal sealed class OneByOneLoop(RabbitQueues queues, ILedger ledger, Meter meter)
{
    public async Task RunAsync(int messages, int workers, bool duplicates = false)
    {
        await using var connection = await queues.OpenConnectionAsync();
        await using var sending = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        await using var consumer = await RawConsumer.OpenAsync(connection, Queues.Payments, (ushort)(workers * 4));
        var removals = new Removals(ledger, duplicates ? 0 : messages);
        var left = messages;
        var working = Enumerable.Range(0, workers).Select(_ => Task.Run(WorkAsync)).ToList();
        await Task.WhenAll([.. working, removals.RunAsync()]);

        async Task WorkAsync()
        {
            await using var session = await ledger.OpenAsync();
            while (await consumer.Deliveries.WaitToReadAsync())
            {
                if (!consumer.Deliveries.TryRead(out var delivery))
                    continue;

                meter.Start();
                await HandleAsync(session, sending, removals, delivery);
                await consumer.AckAsync(delivery.Tag);
                if (Interlocked.Decrement(ref left) == 0)
                    consumer.Complete();
            }
        }
    }

    private static async Task HandleAsync(ILedgerSession session, IChannel sending, Removals removals, Incoming delivery)
    {
        var id = Guid.Parse(delivery.Id);
        var payment = Bodies.Read(delivery.Body);
        await session.BeginAsync();
        if ((await session.MarkAsync([id])).Count == 0)
        {
            await session.CommitAsync();
            return;
        }

        await session.AddAsync(payment);
        var invoice = new Outgoing(Guid.CreateVersion7(), Bodies.Of(InvoiceIssued.For(payment)));
        var rows = await session.SendAsync([invoice]);
        await session.CommitAsync();
        await sending.BasicPublishAsync("", Queues.Invoices, mandatory: true, RawPublisher.Properties(invoice.Id, nameof(InvoiceIssued)), invoice.Body);
        removals.Add(rows[0]);
    }
}
