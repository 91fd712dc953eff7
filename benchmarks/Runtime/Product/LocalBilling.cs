using Npgsql;
using Reliability.Benchmarks.Business;

namespace Reliability.Benchmarks.Product;

/// <summary>Handlers of local queues: one whose group is as large as the default allows, one that opts out of groups, one whose insert travels with the group's.</summary>
internal static class LocalBilling
{
    public const string Grouped = "grouped";
    public const string Single = "single";
    public const string Batched = "batched";

    [LocalHandler(Grouped, DedupeKey = nameof(PaymentTaken.PaymentId))]
    public static Task GroupedAsync(PaymentTaken payment, NpgsqlTransaction transaction, Progress progress, CancellationToken cancellationToken) =>
        HandleAsync(payment, transaction, progress, cancellationToken);

    [LocalHandler(Single, DedupeKey = nameof(PaymentTaken.PaymentId), Group = 1)]
    public static Task SingleAsync(PaymentTaken payment, NpgsqlTransaction transaction, Progress progress, CancellationToken cancellationToken) =>
        HandleAsync(payment, transaction, progress, cancellationToken);

    [LocalHandler(Batched, DedupeKey = nameof(PaymentTaken.PaymentId))]
    public static void BatchedHandler(PaymentTaken payment, NpgsqlBatch batch, Progress progress)
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
