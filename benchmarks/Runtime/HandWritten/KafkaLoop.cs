using Confluent.Kafka;
using Reliability.Benchmarks.Measuring;

namespace Reliability.Benchmarks.HandWritten;

/// <summary>
/// The same two loops over Kafka: each worker has a consumer of its own. One message at a time: a transaction, then the outgoing message is produced and its
/// acknowledgement awaited, and the offset stored. In groups: what is at hand, up to 200, in a transaction; acknowledgements are taken as they come.
/// </summary>
internal sealed class KafkaLoop(KafkaTopics topics, ILedger ledger, string from, int group, bool batched, Meter meter)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly string _consumers = Guid.NewGuid().ToString("N");
    private int _left;

    public async Task RunAsync(int messages, int workers)
    {
        _left = messages;
        using var producer = topics.Producer();
        var removals = new Removals(ledger, messages);
        var working = Enumerable.Range(0, workers)
            .Select(worker => Enumerable.Range(0, KafkaTopics.Partitions).Where(partition => partition % workers == worker))
            .Select(partitions => Task.Run(() => WorkAsync(partitions, producer, removals))).ToList();
        await Task.Run(removals.RunAsync);
        meter.Stop(messages);
        await Task.WhenAll(working);
    }

    /// <summary>Its partitions are given to each consumer once, so that no group has to be balanced while it is measured.</summary>
    private async Task WorkAsync(IEnumerable<int> partitions, IProducer<Null, byte[]> producer, Removals removals)
    {
        using var consumer = topics.Consumer(_consumers);
        consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(from, partition, Offset.Beginning)));
        await using var session = await ledger.OpenAsync();
        var taken = new List<ConsumeResult<Ignore, byte[]>>(group);
        while (Volatile.Read(ref _left) > 0)
        {
            Take(consumer, taken);
            if (taken.Count == 0)
                continue;

            meter.Start();
            await HandleAsync(session, producer, removals, taken);
            foreach (var last in taken.GroupBy(record => record.Partition).Select(partition => partition.Last()))
                consumer.StoreOffset(last);
        }

        consumer.Close();
    }

    private void Take(IConsumer<Ignore, byte[]> consumer, List<ConsumeResult<Ignore, byte[]>> taken)
    {
        taken.Clear();
        while (taken.Count < group && consumer.Consume(taken.Count == 0 ? Pause : TimeSpan.Zero) is { } record)
            taken.Add(record);
    }

    private async Task HandleAsync(ILedgerSession session, IProducer<Null, byte[]> producer, Removals removals, List<ConsumeResult<Ignore, byte[]>> taken)
    {
        await session.BeginAsync();
        var payments = taken.ConvertAll(record => Bodies.Read(record.Message.Value));
        var marked = await session.MarkAsync(payments.ConvertAll(payment => payment.PaymentId));
        payments.RemoveAll(payment => !marked.Contains(payment.PaymentId));
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
        Interlocked.Add(ref _left, -invoices.Count);
        for (var index = 0; index < rows.Count; index++)
        {
            var row = rows[index];
            var message = new Message<Null, byte[]> { Value = invoices[index].Body };
            if (group == 1)
            {
                await producer.ProduceAsync(Queues.Invoices, message);
                removals.Add(row);
            }
            else
            {
                producer.Produce(Queues.Invoices, message, report => Confirm(report, removals, row));
            }
        }
    }

    private static void Confirm(DeliveryReport<Null, byte[]> report, Removals removals, long row)
    {
        if (report.Error.IsError)
            throw new InvalidOperationException($"The broker did not take a message: {report.Error.Reason}.");

        removals.Add(row);
    }
}
