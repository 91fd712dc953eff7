using System.Text.Json.Serialization;

namespace Reliability.Tests;

public sealed record Paid(string Order, string Customer = "anna", int Amount = 1);

public sealed record Invoiced(string Order);

[JsonSerializable(typeof(Paid))]
[JsonSerializable(typeof(Invoiced))]
internal sealed partial class TestJson : JsonSerializerContext;
