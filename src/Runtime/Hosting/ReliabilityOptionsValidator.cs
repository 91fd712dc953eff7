using Microsoft.Extensions.Options;

namespace Reliability;

/// <summary>Says of every wrong option its name, its value and what is allowed.</summary>
internal sealed class ReliabilityOptionsValidator : IValidateOptions<ReliabilityOptions>
{
    public ValidateOptionsResult Validate(string? name, ReliabilityOptions options)
    {
        var errors = Check(options).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Check(ReliabilityOptions options) =>
        new[]
        {
            AtLeast(options.MaxBodyBytes, 1024, nameof(options.MaxBodyBytes)),
            Between(options.Prefetch, 1, ushort.MaxValue, nameof(options.Prefetch)),
            options.PrefetchBytes >= 1024 ? null : $"ReliabilityOptions.PrefetchBytes is {options.PrefetchBytes}; it must be at least 1024.",
            options.Lanes is { } lanes ? Between(lanes, 1, 64, nameof(options.Lanes)) : null,
            Longer(options.GroupTime, TimeSpan.FromMilliseconds(1), nameof(options.GroupTime)),
            options.HandlerTimeout == Timeout.InfiniteTimeSpan ? null : Longer(options.HandlerTimeout, TimeSpan.FromMilliseconds(1), nameof(options.HandlerTimeout)),
            Between(options.Retry.Parallelism, 1, 64, "Retry.Parallelism"),
            NotNegative(options.Retry.BaseDelay, "Retry.BaseDelay"),
            options.Retry.MaxDelay < options.Retry.BaseDelay
                ? $"ReliabilityOptions.Retry.MaxDelay is {options.Retry.MaxDelay}; it must be at least Retry.BaseDelay ({options.Retry.BaseDelay})."
                : null,
            Between(options.Relay.Window, 1, 100_000, "Relay.Window"),
            AtLeast(options.Relay.Attempts, 1, "Relay.Attempts"),
            Longer(options.Relay.Lease, TimeSpan.FromSeconds(5), "Relay.Lease"),
            Longer(options.Relay.PollInterval, TimeSpan.FromMilliseconds(10), "Relay.PollInterval"),
            NotNegative(options.RedeliveryHorizon, nameof(options.RedeliveryHorizon)),
            options.Relay.IdlePollInterval < options.Relay.PollInterval
                ? $"ReliabilityOptions.Relay.IdlePollInterval is {options.Relay.IdlePollInterval}; it must be at least Relay.PollInterval ({options.Relay.PollInterval})."
                : null,
            Longer(options.Relay.OutcomeTimeout, TimeSpan.FromSeconds(1), "Relay.OutcomeTimeout"),
            options.Relay.MemoryLimit < 1024 * 1024
                ? $"ReliabilityOptions.Relay.MemoryLimit is {options.Relay.MemoryLimit:N0} bytes; it must be at least 1,048,576."
                : null,
            options.CloudEvents.Enabled && string.IsNullOrWhiteSpace(options.CloudEvents.Source)
                ? "ReliabilityOptions.CloudEvents.Source is missing; with CloudEvents.Enabled it must say who sends, such as '/shop/billing'."
                : null,
            Longer(options.InboxRetention, TimeSpan.FromMinutes(1), nameof(options.InboxRetention)),
            options.InboxRetention < options.RedeliveryHorizon
                ? $"ReliabilityOptions.InboxRetention is {options.InboxRetention}; it must be at least RedeliveryHorizon ({options.RedeliveryHorizon}), or a message that is delivered again after it was forgotten would be handled twice."
                : null,
            Longer(options.Audit.Retention, TimeSpan.FromMinutes(1), "Audit.Retention"),
            NotNegative(options.ShutdownTimeout, nameof(options.ShutdownTimeout)),
        }.OfType<string>();

    private static string? AtLeast(int value, int least, string option) =>
        value >= least ? null : $"ReliabilityOptions.{option} is {value}; it must be at least {least}.";

    private static string? Between(int value, int least, int most, string option) =>
        value >= least && value <= most ? null : $"ReliabilityOptions.{option} is {value}; it must be between {least} and {most}.";

    private static string? Longer(TimeSpan value, TimeSpan least, string option) =>
        value >= least ? null : $"ReliabilityOptions.{option} is {value}; it must be at least {least}.";

    private static string? NotNegative(TimeSpan value, string option) =>
        value >= TimeSpan.Zero ? null : $"ReliabilityOptions.{option} is {value}; it must not be negative.";
}
