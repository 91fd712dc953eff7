using Confluent.Kafka;

namespace Reliability;

/// <summary>What the client's errors mean for a message.</summary>
internal static class SendOutcomes
{
    /// <param name="error">What the client said.</param>
    /// <param name="status">Whether the message may have arrived.</param>
    /// <param name="message">The message.</param>
    /// <param name="trouble">The latest trouble with the brokers, or null: why a time-out came.</param>
    public static PublishOutcome Of(Error error, PersistenceStatus status, OutgoingMessage message, string? trouble)
    {
        if (!error.IsError)
        {
            return status == PersistenceStatus.Persisted
                ? PublishOutcome.Confirmed
                : PublishOutcome.Failed($"Kafka reported topic '{message.Route}' without an error, but also without the confirm of its replicas.");
        }

        return error.Code switch
        {
            ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge => PublishOutcome.Refused(
                $"The body has {message.Envelope.Body.Length:N0} bytes; with key and headers that is more than topic '{message.Route}' or the client takes ({error.Reason}). "
                + "Raise max.message.bytes of the topic, or message.max.bytes of the broker, and KafkaOptions.MaxBodyBytes; or send less."),
            ErrorCode.InvalidRecord => PublishOutcome.Refused(
                $"Topic '{message.Route}' does not take this record ({error.Reason}). A compacted topic needs a key: set Key on [PublishTo]."),
            ErrorCode.Local_UnknownTopic or ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownPartition or ErrorCode.TopicException => PublishOutcome.Failed(
                $"Topic '{message.Route}' does not exist ({error.Reason}). Create it; topics are never created by sending."),
            ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed => PublishOutcome.Failed(
                $"Sending to topic '{message.Route}' is not allowed ({error.Reason}). Grant the user of KafkaOptions.Client WRITE on the topic, and IDEMPOTENT_WRITE on a cluster older than 2.8."),
            // Nothing of it reached a broker that could take it: no attempt of the message, whatever is wrong with the cluster.
            _ when status == PersistenceStatus.NotPersisted && IsAway(error.Code) => PublishOutcome.Unavailable(
                $"No broker took it for topic '{message.Route}' ({trouble ?? error.Reason})."),
            _ when status == PersistenceStatus.PossiblyPersisted => PublishOutcome.Failed(
                $"Topic '{message.Route}': no confirm came, so it may have arrived or not ({error.Reason}). It is sent again under the same id."),
            _ => PublishOutcome.Failed($"Topic '{message.Route}': {error.Reason} ({error.Code})."),
        };
    }

    private static bool IsAway(ErrorCode code) => code is ErrorCode.Local_MsgTimedOut or ErrorCode.Local_TimedOut or ErrorCode.Local_AllBrokersDown
        or ErrorCode.Local_Transport or ErrorCode.Local_Resolve or ErrorCode.Local_Authentication or ErrorCode.Local_Ssl or ErrorCode.Local_QueueFull
        or ErrorCode.Local_PurgeQueue or ErrorCode.Local_Fatal or ErrorCode.Local_Destroy;
}
