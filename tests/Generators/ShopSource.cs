namespace Reliability.Generators.Tests;

/// <summary>The project that the tests put handlers into.</summary>
internal static class ShopSource
{
    /// <summary>Messages, services and a JSON context that lists the messages.</summary>
    public const string Messages =
        """
        [assembly: HandlerJson(typeof(Shop.ShopJson))]

        namespace Shop;

        public enum Channel : byte { Web, Phone }

        public record Address(string? City, int Zip);

        public record OrderPaid(Guid OrderId, string Customer, decimal Amount)
        {
            public Address? ShipTo { get; init; }
            public Channel Channel { get; init; }
            public Channel? Fallback { get; init; }
            public DateOnly Day { get; init; }
            public DateOnly? DueDay { get; init; }
            public int Number { get; init; }
            public uint? Count { get; init; }
            public ulong Sequence;
            public double Weight { get; init; }
            public DateTime At { get; init; }
            public List<string> Lines { get; init; } = [];
            private string Secret { get; init; } = "";
            public string WriteOnly { set { } }
        }

        public readonly record struct Ping(string Id);

        [PublishTo("invoices", Key = nameof(Customer))]
        public record InvoiceIssued(Guid OrderId, string Customer);

        [PublishTo("shop/mail", Transport = TransportNames.RabbitMq), MessageName("mail.wanted")]
        public readonly record struct MailWanted(string To);

        public record Unrouted(string Id);

        public interface IClock;

        [JsonSerializable(typeof(OrderPaid))]
        [JsonSerializable(typeof(Ping))]
        [JsonSerializable(typeof(InvoiceIssued))]
        [JsonSerializable(typeof(MailWanted))]
        [JsonSerializable(typeof(Unrouted))]
        public partial class ShopJson : JsonSerializerContext;
        """;

    /// <summary>A static class with these members.</summary>
    public static string Handlers(string members) => $"namespace Shop;\n\npublic static class Billing\n{{\n{members}\n}}\n";
}
