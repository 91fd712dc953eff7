using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;

namespace Reliability.Tests.Kafka;

public sealed class DeliveryErrorIgnoredTests
{
    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null, {|REL2106:r => Console.WriteLine(r.Offset)|});""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null, {|REL2106:_ => { }|});""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null, {|REL2106:OnDelivered|});""", """private static void OnDelivered(DeliveryReport<string, string> report) => Console.WriteLine(report.Topic);""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); try { await producer.{|REL2106:ProduceAsync|}(topic, null); } catch (ProduceException<string, string>) { }""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); try { await producer.{|REL2106:ProduceAsync|}(topic, null); } catch { }""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); try { var sent = await producer.{|REL2106:ProduceAsync|}(topic, null); } catch (ProduceException<string, string>) { }""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); foreach (var c in topic) { try { await producer.{|REL2106:ProduceAsync|}(topic, null); } catch (KafkaException) { ; } }""")]
    public Task Version_1_reports(string statements, string members = "") => KafkaCode.SaysAsync<DeliveryErrorIgnored>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null, r => { if (r.Error.IsError) throw new Exception(); });""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null, r => Console.WriteLine(r));""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null, r => Console.WriteLine(r.Status));""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null);""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); try { await producer.ProduceAsync(topic, null); } catch (ProduceException<string, string>) { throw; }""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); try { await producer.ProduceAsync(topic, null); } catch (ProduceException<string, string> e) { _store.SaveFailed(e.Message); }""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); try { await producer.ProduceAsync(topic, null); } catch (ProduceException<string, string> e) { Console.WriteLine(e); throw new InvalidOperationException("x", e); }""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); for (var i = 0; i < 3; i++) { try { await producer.ProduceAsync(topic, null); break; } catch (ProduceException<string, string> e) { Console.WriteLine(e); await Task.Delay(100); } }""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); var sent = false; try { await producer.ProduceAsync(topic, null); sent = true; } catch (ProduceException<string, string>) { } if (!sent) _store.SaveFailed(topic);""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); try { await producer.ProduceAsync(topic, null); } catch (ProduceException<string, string> e) when (e.Error.IsFatal) { }""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); async Task<bool> SendAsync() { try { await producer.ProduceAsync(topic, null); return true; } catch (ProduceException<string, string> e) { Console.WriteLine(e); return false; } } await SendAsync();""")]
    public Task Version_1_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<DeliveryErrorIgnored>(Client.Kafka1, statements, members);

    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null, {|REL2106:r => Console.WriteLine(r.Offset)|});""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null, {|REL2106:_ => { }|});""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null, {|REL2106:OnDelivered|});""", """private static void OnDelivered(DeliveryReport<string, string> report) => Console.WriteLine(report.Topic);""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); try { await producer.{|REL2106:ProduceAsync|}(topic, null); } catch (ProduceException<string, string>) { }""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); try { await producer.{|REL2106:ProduceAsync|}(topic, null); } catch { }""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); try { var sent = await producer.{|REL2106:ProduceAsync|}(topic, null); } catch (ProduceException<string, string>) { }""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); foreach (var c in topic) { try { await producer.{|REL2106:ProduceAsync|}(topic, null); } catch (KafkaException) { ; } }""")]
    public Task Version_2_reports(string statements, string members = "") => KafkaCode.SaysAsync<DeliveryErrorIgnored>(Client.Kafka2, statements, members);

    [Theory]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null, r => { if (r.Error.IsError) throw new Exception(); });""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null, r => Console.WriteLine(r));""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null, r => Console.WriteLine(r.Status));""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); producer.Produce(topic, null);""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); try { await producer.ProduceAsync(topic, null); } catch (ProduceException<string, string>) { throw; }""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); try { await producer.ProduceAsync(topic, null); } catch (ProduceException<string, string> e) { _store.SaveFailed(e.Message); }""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); try { await producer.ProduceAsync(topic, null); } catch (ProduceException<string, string> e) { Console.WriteLine(e); throw new InvalidOperationException("x", e); }""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); for (var i = 0; i < 3; i++) { try { await producer.ProduceAsync(topic, null); break; } catch (ProduceException<string, string> e) { Console.WriteLine(e); await Task.Delay(100); } }""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); var sent = false; try { await producer.ProduceAsync(topic, null); sent = true; } catch (ProduceException<string, string>) { } if (!sent) _store.SaveFailed(topic);""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); try { await producer.ProduceAsync(topic, null); } catch (ProduceException<string, string> e) when (e.Error.IsFatal) { }""")]
    [InlineData("""using var producer = new ProducerBuilder<string, string>(new ProducerConfig()).Build(); async Task<bool> SendAsync() { try { await producer.ProduceAsync(topic, null); return true; } catch (ProduceException<string, string> e) { Console.WriteLine(e); return false; } } await SendAsync();""")]
    public Task Version_2_is_silent(string statements, string members = "") => KafkaCode.SaysAsync<DeliveryErrorIgnored>(Client.Kafka2, statements, members);

    [Theory]
    [InlineData(Client.Kafka1)]
    [InlineData(Client.Kafka2)]
    public async Task A_failure_that_is_only_logged_is_a_suggestion(Client client)
    {
        var test = Verify.Test<DeliveryErrorIgnored>(client);
        test.TestState.Sources.Add(Verify.Usings(client) + """
            class Orders
            {
                async Task SendAsync(IProducer<string, string> producer, Message<string, string> message)
                {
                    try { await producer.{|#0:ProduceAsync|}("t", message); }
                    {|#1:catch|} (ProduceException<string, string> e) { Console.WriteLine($"Delivery failed: {e.Error.Reason}"); }
                }
            }
            """);
        test.ExpectedDiagnostics.Add(new DiagnosticResult("REL2106", DiagnosticSeverity.Info).WithLocation(0).WithLocation(1).WithArguments("The ProduceException of this call is only logged, and the code goes on"));
        await test.RunAsync(TestContext.Current.CancellationToken);
    }
}
