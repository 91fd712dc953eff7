using System.Data.Common;
using Npgsql;
using Reliability.Benchmarks.Business;

namespace Reliability.Benchmarks.Product;

/// <summary>The handlers as a user writes them. Each run takes those that it is about.</summary>
internal static class Billing
{
    /// <summary>Sends its own insert, in the group's transaction.</summary>
    [RabbitMqHandler(Queues.Payments, DedupeKey = nameof(PaymentTaken.PaymentId))]
    [KafkaHandler(Queues.Payments, DedupeKey = nameof(PaymentTaken.PaymentId))]
    public static async Task<InvoiceIssued> IssueAsync(PaymentTaken payment, NpgsqlTransaction transaction, Progress progress, CancellationToken cancellationToken)
    {
        progress.Begin();
        await BusinessTable.AddAsync(transaction.Connection!, transaction, payment, cancellationToken);
        return InvoiceIssued.For(payment);
    }

    /// <summary>Lets its insert travel with those of the group.</summary>
    [RabbitMqHandler(Queues.PaymentsBatched, DedupeKey = nameof(PaymentTaken.PaymentId))]
    [KafkaHandler(Queues.PaymentsBatched, DedupeKey = nameof(PaymentTaken.PaymentId))]
    public static InvoiceIssued IssueBatched(PaymentTaken payment, NpgsqlBatch batch, Progress progress)
    {
        progress.Begin();
        batch.BatchCommands.Add(BusinessTable.Command(payment));
        return InvoiceIssued.For(payment);
    }

    /// <summary>For any database.</summary>
    [RabbitMqHandler(Queues.PaymentsPortable, DedupeKey = nameof(PaymentTaken.PaymentId))]
    public static async Task<InvoiceIssued> IssuePortableAsync(PaymentTaken payment, DbTransaction transaction, Progress progress, CancellationToken cancellationToken)
    {
        progress.Begin();
        await BusinessTable.AddPortablyAsync(transaction, payment, cancellationToken);
        return InvoiceIssued.For(payment);
    }
}
