using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Reliability.Tests.Operations;

[Collection(nameof(Telemetry))]
public sealed class TraceTests
{
    private static readonly ActivitySource Tests = new(Spans.TestSource);

    [Fact]
    public async Task A_trace_goes_from_the_publisher_through_the_handler_to_what_it_sends()
    {
        using var spans = new Spans();
        var sent = new ConcurrentQueue<Envelope>();
        var transport = new ScriptedTransport((message, _) =>
        {
            sent.Enqueue(message.Envelope);
            return Task.FromResult(PublishOutcome.Confirmed);
        });
        await using var application = await Forwarding(transport).StartAsync();
        ActivityContext publisher;
        using (var activity = Tests.StartActivity("order")!)
        {
            activity.TraceStateString = "vendor=1";
            publisher = activity.Context;
            await application.PublishAsync(new Paid("o1"));
        }

        var send = await spans.GetAsync("send out", publisher.TraceId);
        var process = await spans.GetAsync("process paid", publisher.TraceId);
        var receive = await Eventually.GetAsync(
            () => Task.FromResult(spans.Ended.FirstOrDefault(span => span.DisplayName == "receive paid" && span.Links.Any(link => link.Context.TraceId == publisher.TraceId))),
            span => span is not null);

        Assert.Equal((publisher.SpanId, ActivityKind.Consumer), (process.ParentSpanId, process.Kind));
        Assert.Equal(receive!.SpanId, Assert.Single(process.Links).Context.SpanId);
        Assert.Equal((process.SpanId, ActivityKind.Producer), (send.ParentSpanId, send.Kind));
        Assert.Equal(send.Id, Assert.Single(sent).Headers["traceparent"]);
        Assert.Equal("vendor=1", sent.First().Headers["tracestate"]);
        Assert.Equal(
            ("local", "process", "process", "paid", "Test.Paid"),
            (process.GetTagItem("messaging.system"), process.GetTagItem("messaging.operation.name"), process.GetTagItem("messaging.operation.type"),
                process.GetTagItem("messaging.destination.name"), process.GetTagItem("reliability.handler")));
        Assert.Equal(("scripted", "send", "out"), (send.GetTagItem("messaging.system"), send.GetTagItem("messaging.operation.name"), send.GetTagItem("messaging.destination.name")));
        Assert.Equal(sent.First().MessageId, send.GetTagItem("messaging.message.id"));
        Assert.Equal((1, ActivityKind.Client), (receive.GetTagItem("messaging.batch.message_count"), receive.Kind));
    }

    [Fact]
    public async Task A_failed_run_says_what_was_thrown_without_its_secrets()
    {
        using var spans = new Spans();
        await using var application = await new TestApplication().Handle(
            (_, _) => throw new InvalidOperationException("Host=db;Password=hunter2;"), handler => handler with { Attempts = 1 }).StartAsync();
        ActivityTraceId trace;
        using (var activity = Tests.StartActivity("order")!)
        {
            trace = activity.TraceId;
            await application.PublishAsync(new Paid("o1"));
        }

        var process = await spans.GetAsync("process paid", trace);

        Assert.Equal((ActivityStatusCode.Error, "System.InvalidOperationException"), (process.Status, process.GetTagItem("error.type")));
        Assert.Contains("Password=***", process.StatusDescription, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", process.StatusDescription, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_send_that_fails_is_an_error_and_its_next_try_is_a_child_of_the_same_publisher()
    {
        using var spans = new Spans();
        var transport = new ScriptedTransport((_, attempt) => Task.FromResult(attempt == 1 ? PublishOutcome.Failed("returned") : PublishOutcome.Confirmed));
        await using var application = await transport.Application().StartAsync();
        ActivityContext publisher;
        using (var activity = Tests.StartActivity("order")!)
        {
            publisher = activity.Context;
            await application.PublishAsync(new Paid("o1"));
        }

        var sends = await Eventually.GetAsync(
            () => Task.FromResult(spans.Ended.Where(span => span.DisplayName == "send out" && span.TraceId == publisher.TraceId).ToList()), sends => sends.Count == 2);

        Assert.All(sends, send => Assert.Equal(publisher.SpanId, send.ParentSpanId));
        Assert.Equal((ActivityStatusCode.Error, "failed", 1), (sends[0].Status, sends[0].GetTagItem("error.type"), sends[0].GetTagItem("reliability.attempt")));
        Assert.Equal((ActivityStatusCode.Unset, null, 2), (sends[1].Status, sends[1].GetTagItem("error.type"), sends[1].GetTagItem("reliability.attempt")));
    }

    [Fact]
    public async Task A_message_without_a_readable_context_begins_a_trace_of_its_own()
    {
        using var spans = new Spans();
        await using var application = await new TestApplication().Handle((_, _) => ValueTask.CompletedTask).StartAsync();

        await application.DeliverAsync(new Envelope
        {
            MessageId = "foreign",
            MessageName = "Paid",
            Headers = new Dictionary<string, string> { ["traceparent"] = "nonsense" },
            Body = """{"Order":"o1"}"""u8.ToArray(),
        });
        var process = await spans.GetAsync("process paid");

        // Its group's span is the only thing around it.
        Assert.Equal((await spans.GetAsync("receive paid")).SpanId, process.ParentSpanId);
        Assert.Equal("foreign", process.GetTagItem("messaging.message.id"));
    }

    [Fact]
    public async Task OpenTelemetrys_own_SDK_records_the_spans()
    {
        var exported = new ConcurrentQueue<Activity>();
        using var provider = Sdk.CreateTracerProviderBuilder().AddSource(ReliabilityDiagnostics.ActivitySourceName)
            .AddProcessor(new SimpleActivityExportProcessor(new Exporter(exported))).Build();
        await using var application = await Forwarding(new ScriptedTransport((_, _) => Task.FromResult(PublishOutcome.Confirmed))).StartAsync();

        await application.PublishAsync(new Paid("o1"));
        var names = await Eventually.GetAsync(() => Task.FromResult(exported.Select(span => span.DisplayName).Order().ToList()), names => names.Count >= 3);

        Assert.Equal(["process paid", "receive paid", "send out"], names);
    }

    /// <summary>Paid comes by a local queue; its handler sends Invoiced by the transport.</summary>
    private static TestApplication Forwarding(ScriptedTransport transport) => new TestApplication()
        .Handle((paid, context) =>
        {
            context.Outbox.Publish(new Invoiced(paid.Order));
            return ValueTask.CompletedTask;
        })
        .With(reliability =>
        {
            reliability.Services.AddSingleton<ITransport>(transport);
            reliability.AddMessage(new MessageType<Invoiced>("Invoiced", TestJson.Default.Invoiced, "out", transport.Name));
        });

    private sealed class Exporter(ConcurrentQueue<Activity> exported) : BaseExporter<Activity>
    {
        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (var span in batch)
            {
                exported.Enqueue(span);
            }

            return ExportResult.Success;
        }
    }
}
