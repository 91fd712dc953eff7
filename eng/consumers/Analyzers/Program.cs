using RabbitMQ.Client;
using RabbitMQ.Client.Events;

var factory = new ConnectionFactory { AutomaticRecoveryEnabled = false };
await using var connection = await factory.CreateConnectionAsync();
await using var channel = await connection.CreateChannelAsync();
await channel.ExchangeDeclareAsync("orders", ExchangeType.Topic);
await channel.QueueDeclareAsync("orders.paid", durable: false, exclusive: false, autoDelete: false);

var consumer = new AsyncEventingBasicConsumer(channel);
consumer.ReceivedAsync += (_, delivery) =>
{
    Console.WriteLine(delivery.RoutingKey);
    return Task.CompletedTask;
};
await channel.BasicConsumeAsync("orders.paid", autoAck: true, consumer);
await channel.BasicPublishAsync("orders", "orders.paid", mandatory: false, new BasicProperties { MessageId = "1" }, "paid"u8.ToArray());
await Billing.RunAsync(CancellationToken.None);
