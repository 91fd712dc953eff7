using Reliability.Conformance;

namespace Reliability.Tests;

public sealed class MockRoundTripTests() : TransportRoundTripConformance(new MockKafkaPlace());

public sealed class MockReceivingTests() : TransportReceivingConformance(new MockKafkaPlace());

public sealed class MockPublishingTests() : TransportPublishingConformance(new MockKafkaPlace());

public sealed class MockRoutingTests() : TransportRoutingConformance(new MockKafkaPlace());

public sealed class MockRecoveryTests() : TransportRecoveryConformance(new MockKafkaPlace());
