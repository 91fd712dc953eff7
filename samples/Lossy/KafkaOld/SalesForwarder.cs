using Confluent.Kafka;

namespace Shop.Statistics;

/// <summary>Adds up what each customer bought, and passes the sums on to the statistics topic.</summary>
internal sealed class SalesForwarder(string servers)
{
    private const string Sales = "sales";
    private const string Sums = "sales.sums";

    private readonly Dictionary<string, decimal> _sums = new(StringComparer.Ordinal);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var consumerConfig = new ConsumerConfig { BootstrapServers = servers, GroupId = "statistics", EnableAutoCommit = true };
        var producerConfig = new Dictionary<string, string>
        {
            ["bootstrap.servers"] = servers,
            ["client.id"] = "statistics",
            ["acks"] = "1",
        };

        using var consumer = new ConsumerBuilder<string, string>(consumerConfig).Build();
        using var producer = new ProducerBuilder<string, string>(producerConfig).Build();
        consumer.Subscribe(Sales);
        while (!cancellationToken.IsCancellationRequested)
        {
            if (consumer.Consume(TimeSpan.FromSeconds(1)) is { } record)
                await producer.ProduceAsync(Sums, Add(record.Message), cancellationToken);
        }

        consumer.Close();
    }

    private Message<string, string> Add(Message<string, string> sale)
    {
        var amount = decimal.Parse(sale.Value, System.Globalization.CultureInfo.InvariantCulture);
        var sum = _sums[sale.Key] = _sums.GetValueOrDefault(sale.Key) + amount;
        return new Message<string, string> { Key = sale.Key, Value = sum.ToString(System.Globalization.CultureInfo.InvariantCulture) };
    }
}
