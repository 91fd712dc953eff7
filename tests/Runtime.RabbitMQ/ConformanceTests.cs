using Reliability.Conformance;

namespace Reliability.Tests;

public sealed class QuorumRoundTripTests() : TransportRoundTripConformance(new RabbitMqPlace(RabbitMqQueueType.Quorum));

public sealed class QuorumReceivingTests() : TransportReceivingConformance(new RabbitMqPlace(RabbitMqQueueType.Quorum));

public sealed class QuorumQueueTests() : TransportQueueConformance(new RabbitMqPlace(RabbitMqQueueType.Quorum));

public sealed class QuorumPublishingTests() : TransportPublishingConformance(new RabbitMqPlace(RabbitMqQueueType.Quorum));

public sealed class QuorumRoutingTests() : TransportRoutingConformance(new RabbitMqPlace(RabbitMqQueueType.Quorum));

public sealed class QuorumRecoveryTests() : TransportRecoveryConformance(new RabbitMqPlace(RabbitMqQueueType.Quorum));

public sealed class QuorumSessionTests() : TransportSessionConformance(new RabbitMqPlace(RabbitMqQueueType.Quorum));

public sealed class ClassicRoundTripTests() : TransportRoundTripConformance(new RabbitMqPlace(RabbitMqQueueType.Classic));

public sealed class ClassicReceivingTests() : TransportReceivingConformance(new RabbitMqPlace(RabbitMqQueueType.Classic));

public sealed class ClassicQueueTests() : TransportQueueConformance(new RabbitMqPlace(RabbitMqQueueType.Classic));

public sealed class ClassicPublishingTests() : TransportPublishingConformance(new RabbitMqPlace(RabbitMqQueueType.Classic));

public sealed class ClassicRoutingTests() : TransportRoutingConformance(new RabbitMqPlace(RabbitMqQueueType.Classic));

public sealed class ClassicRecoveryTests() : TransportRecoveryConformance(new RabbitMqPlace(RabbitMqQueueType.Classic));

public sealed class ClassicSessionTests() : TransportSessionConformance(new RabbitMqPlace(RabbitMqQueueType.Classic));
