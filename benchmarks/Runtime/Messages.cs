using System.Text.Json;
using System.Text.Json.Serialization;
using Reliability;
using Reliability.Benchmarks;

[assembly: HandlerJson(typeof(BenchmarkJson))]

namespace Reliability.Benchmarks;

/// <summary>What travels: about 400 bytes of JSON.</summary>
public sealed record PaymentTaken(Guid PaymentId, string Customer, decimal Amount, string Note);

[JsonSerializable(typeof(PaymentTaken))]
internal sealed partial class BenchmarkJson : JsonSerializerContext;

internal static class Bodies
{
    public static byte[] Of(Guid id, int number)
    {
        var payment = new PaymentTaken(id, $"customer-{number % 1000:D4}", 10 + (number % 90), new string('x', 280));
        return JsonSerializer.SerializeToUtf8Bytes(payment, BenchmarkJson.Default.PaymentTaken);
    }
}
