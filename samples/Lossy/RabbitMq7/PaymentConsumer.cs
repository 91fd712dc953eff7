using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Shop.Orders;

internal sealed class PaymentConsumer(IConnection connection, OrderBook book, OrderSettings settings)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.BasicQosAsync(prefetchSize: 0, settings.Prefetch, global: false, cancellationToken);

        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += OnPaymentAsync;
        await channel.BasicConsumeAsync(Topology.Payments, autoAck: true, consumer, cancellationToken);

        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task OnPaymentAsync(object sender, BasicDeliverEventArgs delivery)
    {
        var payment = JsonSerializer.Deserialize(delivery.Body.Span, OrderJson.Default.PaymentReceived);
        if (payment is null)
            return;

        await book.SettleAsync(payment.OrderId, payment.Amount, payment.At);
        Console.WriteLine($"Order {payment.OrderId} is paid: {payment.Amount}");
    }
}
