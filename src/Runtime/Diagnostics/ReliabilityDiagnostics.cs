namespace Reliability;

/// <summary>Under which names the runtime reports, for <c>AddMeter</c> and <c>AddSource</c> of OpenTelemetry.</summary>
public static class ReliabilityDiagnostics
{
    /// <summary>The meter of all metrics.</summary>
    public const string MeterName = "Reliability";

    /// <summary>The activity source of all spans.</summary>
    public const string ActivitySourceName = "Reliability";
}
