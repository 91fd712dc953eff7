using Confluent.Kafka;

internal static class Billing
{
    public static async Task RunAsync(CancellationToken stopping)
    {
        var producing = new ProducerConfig { BootstrapServers = "localhost", Acks = Acks.Leader, EnableIdempotence = false };
        using var producer = new ProducerBuilder<string, string>(producing).Build();
        producer.ProduceAsync("audit", new Message<string, string> { Key = "billing", Value = "started" }, stopping);
        var consuming = new ConsumerConfig { BootstrapServers = "localhost", GroupId = "billing", AutoOffsetReset = AutoOffsetReset.Earliest };
        using var consumer = new ConsumerBuilder<string, string>(consuming).Build();
        consumer.Subscribe("orders");
        try
        {
            while (true)
            {
                var order = consumer.Consume(stopping);
                await producer.ProduceAsync("invoices", new Message<string, string> { Key = order.Message.Key, Value = "invoice" }, stopping);
            }
        }
        finally
        {
            consumer.Close();
        }
    }
}
