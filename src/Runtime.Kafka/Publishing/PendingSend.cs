using Confluent.Kafka;

namespace Reliability;

/// <summary>A message that waits for its confirm.</summary>
internal sealed class PendingSend(OutgoingMessage message, TroubleLog trouble)
    : TaskCompletionSource<PublishOutcome>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public string Route => message.Route;

    /// <summary>The client's own thread brings the report; what follows must not run on it.</summary>
    public void OnReport(DeliveryReport<string?, ReadOnlyMemory<byte>> report) =>
        TrySetResult(SendOutcomes.Of(report.Error, report.Status, message, trouble.Latest));
}
