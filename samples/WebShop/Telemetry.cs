using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Reliability;

namespace WebShop;

/// <summary>Spans and metrics: to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names; without one, spans are logged.</summary>
internal sealed partial class Telemetry(ILogger<Telemetry> log, IConfiguration configuration) : BackgroundService
{
    private readonly bool _hasCollector = configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var shop = ResourceBuilder.CreateDefault().AddService("webshop");
        var traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(shop).AddSource("Microsoft.AspNetCore", "Npgsql", ReliabilityDiagnostics.ActivitySourceName);
        var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(shop).AddMeter("Microsoft.AspNetCore.Hosting", "Npgsql", ReliabilityDiagnostics.MeterName);
        using var tracing = (_hasCollector ? traces.AddOtlpExporter() : traces.AddProcessor(new SpanLog(log))).Build();
        using var metering = _hasCollector ? metrics.AddOtlpExporter().Build() : null;
        await Task.Delay(Timeout.Infinite, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>One line for each of the runtime's and the web server's spans, so that a trace can be read without a collector.</summary>
    private sealed partial class SpanLog(ILogger log) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            if (data.Source.Name != "Npgsql")
            {
                Span(log, data.TraceId.ToHexString(), data.DisplayName, data.Kind, data.Duration.TotalMilliseconds, data.Status);
            }
        }

        [LoggerMessage(Level = LogLevel.Information, Message = "trace {Trace}: {Name} ({Kind}), {Milliseconds:0.0} ms, {Status}")]
        private static partial void Span(ILogger log, string trace, string name, ActivityKind kind, double milliseconds, ActivityStatusCode status);
    }
}
