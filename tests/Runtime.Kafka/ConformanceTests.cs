using Reliability.Conformance;

namespace Reliability.Tests;

public sealed class MockRoundTripTests() : TransportRoundTripConformance(new MockKafkaPlace());

public sealed class MockReceivingTests() : TransportReceivingConformance(new MockKafkaPlace());

public sealed class MockPublishingTests() : TransportPublishingConformance(new MockKafkaPlace());

public sealed class MockRoutingTests() : TransportRoutingConformance(new MockKafkaPlace());

public sealed class MockRecoveryTests() : TransportRecoveryConformance(new MockKafkaPlace());

[Collection(RealKafka.Name)]
public sealed class RealRoundTripTests(RealKafka kafka) : TransportRoundTripConformance(new RealKafkaPlace(kafka));

[Collection(RealKafka.Name)]
public sealed class RealReceivingTests(RealKafka kafka) : TransportReceivingConformance(new RealKafkaPlace(kafka));

[Collection(RealKafka.Name)]
public sealed class RealPublishingTests(RealKafka kafka) : TransportPublishingConformance(new RealKafkaPlace(kafka));

[Collection(RealKafka.Name)]
public sealed class RealRoutingTests(RealKafka kafka) : TransportRoutingConformance(new RealKafkaPlace(kafka));
