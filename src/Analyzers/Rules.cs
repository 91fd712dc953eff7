namespace Reliability.Analyzers;

/// <summary>The ids of all rules, their categories, and the one place their pages are linked from.</summary>
internal static class Rules
{
    public const string WrongOption = "REL0001";

    public const string AutoAck = "REL1001";
    public const string AckBeforeProcessing = "REL1002";
    public const string NeverSettled = "REL1003";
    public const string AckMultiple = "REL1004";
    public const string UnboundedRequeue = "REL1005";
    public const string RejectedWithoutDeadLetter = "REL1006";
    public const string UnboundedPrefetch = "REL1007";
    public const string SwallowedFailure = "REL1008";
    public const string AsyncVoidHandler = "REL1009";
    public const string BodyOutlivesHandler = "REL1010";
    public const string NonDurableExchange = "REL1101";
    public const string NonDurableQueue = "REL1102";
    public const string ConnectionBoundQueue = "REL1103";
    public const string LossyQueueArguments = "REL1104";
    public const string UnreplicatedQueue = "REL1105";
    public const string DroppedAfterRedeliveries = "REL1106";
    public const string SelfDeadLetter = "REL1107";
    public const string TransientMessage = "REL1201";
    public const string MissingConfirms = "REL1202";
    public const string UnobservedConfirm = "REL1203";
    public const string Unroutable = "REL1204";
    public const string TransactionalChannel = "REL1205";
    public const string SharedChannel = "REL1206";
    public const string NoMessageId = "REL1207";
    public const string RecoveryOff = "REL1208";
    public const string RetryCountedInXDeath = "REL1209";
    public const string AutoCommit = "REL2001";
    public const string CommitBeforeProcessing = "REL2002";
    public const string NeverCommits = "REL2003";
    public const string BufferedBeforeCommit = "REL2004";
    public const string SwallowedRecord = "REL2005";
    public const string OffsetReset = "REL2006";
    public const string NotClosed = "REL2007";
    public const string StoreWithAutoStore = "REL2008";
    public const string AcksNotAll = "REL2101";
    public const string IdempotenceOff = "REL2102";
    public const string RetriesLimited = "REL2103";
    public const string UnobservedDelivery = "REL2104";
    public const string NotFlushed = "REL2105";
    public const string DeliveryErrorIgnored = "REL2106";
    public const string MayReorder = "REL2107";
    public const string ReplicationFactor = "REL2201";
    public const string MinInSyncReplicas = "REL2202";
    public const string UncleanElection = "REL2203";

    public const string DualWrite = "REL3001";
    public const string LossyConfiguration = "REL3002";

    public const string RawClient = "REL4101";
    public const string EndsTransaction = "REL4102";
    public const string OwnConnection = "REL4103";
    public const string ContextOutsideTransaction = "REL4104";
    public const string FailureHeldBack = "REL4105";
    public const string TokenIgnored = "REL4106";
    public const string RemoteCall = "REL4107";
    public const string UnpinnedName = "REL4108";

    public const string Configuration = "Reliability.Configuration";
    public const string RabbitMqConsuming = "RabbitMQ.Consuming";
    public const string RabbitMqTopology = "RabbitMQ.Topology";
    public const string RabbitMqPublishing = "RabbitMQ.Publishing";
    public const string KafkaConsuming = "Kafka.Consuming";
    public const string KafkaProducing = "Kafka.Producing";

    public const string Consistency = "Messaging.Consistency";
    public const string KafkaTopics = "Kafka.Topics";
    public const string Handlers = "Handlers";

    private const string HelpLinkBase = "https://github.com/reliability-dotnet/reliability/blob/main/docs/rules/";

    /// <summary>The page of a rule.</summary>
    public static string HelpLink(string id) => HelpLinkBase + id + ".md";
}
