namespace Reliability.Tests;

public sealed class RouteTests
{
    [Theory]
    [InlineData("invoices", "", "invoices")]
    [InlineData("shop/invoice.issued", "shop", "invoice.issued")]
    [InlineData("shop/a/b", "shop", "a/b")]
    [InlineData("shop/", "shop", "")]
    [InlineData("/a/queue", "", "a/queue")]
    [InlineData("", "", "")]
    public void A_route_is_parted_at_its_first_slash(string text, string exchange, string routingKey) =>
        Assert.Equal(new RabbitMqRoute(exchange, routingKey), RabbitMqRoute.Parse(text));
}
