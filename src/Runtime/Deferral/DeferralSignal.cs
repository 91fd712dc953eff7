namespace Reliability;

/// <summary>Tells the deferral loop that a message may be due now.</summary>
internal sealed class DeferralSignal
{
    public Signal Due { get; } = new();
}
