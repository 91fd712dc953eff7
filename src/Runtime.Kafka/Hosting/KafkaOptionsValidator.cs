using Microsoft.Extensions.Options;

namespace Reliability;

/// <summary>Says of every wrong option its name, its value and what is allowed.</summary>
internal sealed class KafkaOptionsValidator : IValidateOptions<KafkaOptions>
{
    private static readonly TimeSpan ShortestConfirm = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestConfirm = TimeSpan.FromMinutes(15);

    /// <summary>What a client receives by default in one answer (receive.message.max.bytes) leaves room for no more.</summary>
    private const int LargestBody = 90_000_000;

    public ValidateOptionsResult Validate(string? name, KafkaOptions options)
    {
        var errors = Check(options).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Check(KafkaOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.BootstrapServers))
        {
            yield return "KafkaOptions.BootstrapServers is empty; it must name at least one broker as host:port.";
        }

        if (string.IsNullOrWhiteSpace(options.GroupId))
        {
            yield return "KafkaOptions.GroupId is empty; it must name the consumer group that this application's processes share.";
        }

        if (options.ConfirmTimeout < ShortestConfirm || options.ConfirmTimeout > LongestConfirm)
        {
            yield return $"KafkaOptions.ConfirmTimeout is {options.ConfirmTimeout}; it must be between {ShortestConfirm} and {LongestConfirm}.";
        }

        if (options.MaxBodyBytes is < 1024 or > LargestBody)
        {
            yield return $"KafkaOptions.MaxBodyBytes is {options.MaxBodyBytes}; it must be between 1024 and {LargestBody}.";
        }

        if (!Enum.IsDefined(options.Topics))
        {
            yield return $"KafkaOptions.Topics is {options.Topics}; it must be {KafkaTopicCheck.Verify}, {KafkaTopicCheck.Require} or {KafkaTopicCheck.Trust}.";
        }

        foreach (var refusal in RefusedSettings.Check(options.Client))
        {
            yield return refusal;
        }
    }
}
