using System.Text.Json;
using System.Text.Json.Serialization;
using Reliability;
using Reliability.Benchmarks;

[assembly: HandlerJson(typeof(BenchmarkJson))]

namespace Reliability.Benchmarks;

/// <summary>What comes in: about 400 bytes of JSON.</summary>
public sealed record PaymentTaken(Guid PaymentId, string Customer, decimal Amount, string Note)
{
    public static PaymentTaken Of(Guid id, int number) => new(id, $"customer-{number % 1000:D4}", 10 + (number % 90), new string('x', 280));
}

/// <summary>What is sent because of it: about as large.</summary>
[PublishTo(Queues.Invoices)]
public sealed record InvoiceIssued(Guid PaymentId, string Customer, decimal Amount, string Note)
{
    public static InvoiceIssued For(PaymentTaken payment) => new(payment.PaymentId, payment.Customer, payment.Amount, payment.Note);
}

/// <summary>Where messages come from, and where they go.</summary>
internal static class Queues
{
    public const string Payments = "payments";
    public const string PaymentsBatched = "payments-batched";
    public const string PaymentsPortable = "payments-portable";
    public const string Invoices = "invoices";
}

[JsonSerializable(typeof(PaymentTaken))]
[JsonSerializable(typeof(InvoiceIssued))]
internal sealed partial class BenchmarkJson : JsonSerializerContext;

internal static class Bodies
{
    public static byte[] Of(Guid id, int number) => JsonSerializer.SerializeToUtf8Bytes(PaymentTaken.Of(id, number), BenchmarkJson.Default.PaymentTaken);

    public static byte[] Of(InvoiceIssued invoice) => JsonSerializer.SerializeToUtf8Bytes(invoice, BenchmarkJson.Default.InvoiceIssued);

    public static PaymentTaken Read(ReadOnlySpan<byte> body) => JsonSerializer.Deserialize(body, BenchmarkJson.Default.PaymentTaken)!;
}
