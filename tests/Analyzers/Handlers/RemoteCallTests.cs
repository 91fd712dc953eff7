namespace Reliability.Tests.Handlers;

public sealed class RemoteCallTests
{
    [Theory]
    [InlineData("""[LocalHandler("q")] public static async Task Handle(OrderPaid order, System.Net.Http.HttpClient http) => await http.{|REL4107:GetStringAsync|}("x");""")]
    [InlineData("""[LocalHandler("q")] public static async Task Handle(OrderPaid order, System.Net.Http.HttpClient http) { using var answer = await http.{|REL4107:PostAsync|}("x", null); }""")]
    [InlineData("""[LocalHandler("q")] public static async Task Handle(OrderPaid order, System.Net.Http.HttpMessageInvoker http) => await http.{|REL4107:SendAsync|}(new System.Net.Http.HttpRequestMessage(), default);""")]
    [InlineData("""[LocalHandler("q")] public static async Task Handle(OrderPaid order, System.Net.Mail.SmtpClient mail) => await mail.{|REL4107:SendMailAsync|}("a", "b", "c", "d");""")]
    public Task A_call_to_another_machine_is_reported(string members) => HandlerCode.SaysAsync<RemoteCall>(members);

    [Theory]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order, System.Net.Http.HttpClient http) => http.DefaultRequestHeaders.Clear();""")]
    [InlineData("""public static async Task NoHandler(OrderPaid order, System.Net.Http.HttpClient http) => await http.GetStringAsync("x");""")]
    [InlineData("""[LocalHandler("q")] public static void Handle(OrderPaid order, System.Net.Http.HttpClient http) => http.GetType();""")]
    [InlineData("""[LocalHandler("q")] public static PaymentFailed Handle(OrderPaid order) => new PaymentFailed(order.OrderId);""")]
    public Task Others_are_not(string members) => HandlerCode.SaysAsync<RemoteCall>(members);
}
