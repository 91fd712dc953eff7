using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Reliability.Generators.Tests.Handlers;

[assembly: Reliability.HandlerJson(typeof(FulfilmentJson))]

namespace Reliability.Generators.Tests.Handlers;

public enum Priority : byte
{
    Low = 1,
    High = 2,
}

public sealed record Parcel(string? Code, int? Weight);

public sealed record OrderPacked(Guid OrderId, string? Customer, Priority? Priority, DateOnly? Day, Parcel? Parcel);

public readonly record struct StockCounted(long Shelf, int Amount);

[PublishTo("labels", Key = "Parcel.Code")]
public sealed record LabelWanted(Guid OrderId, Parcel? Parcel);

[PublishTo("shop/mail", Transport = TransportNames.RabbitMq)]
[MessageName("mail.wanted")]
public readonly record struct MailWanted(string To);

[JsonSerializable(typeof(OrderPacked))]
[JsonSerializable(typeof(StockCounted))]
[JsonSerializable(typeof(LabelWanted))]
[JsonSerializable(typeof(MailWanted))]
public sealed partial class FulfilmentJson : JsonSerializerContext;

/// <summary>What the handlers below were called with.</summary>
public sealed class Journal
{
    public List<string> Lines { get; } = [];
}

/// <summary>Handlers that the generator, as this project's analyzer, writes wrappers for.</summary>
public sealed class Fulfilment(Journal journal)
{
    [RabbitMqHandler("packed", DedupeKey = nameof(OrderPacked.OrderId), OrderBy = nameof(OrderPacked.Customer), Attempts = 3, Group = 7)]
    [KafkaHandler("packed", DedupeKey = nameof(OrderPacked.OrderId), OrderBy = nameof(OrderPacked.Customer))]
    public async Task<(LabelWanted Label, MailWanted? Mail)> ShipAsync(OrderPacked order, MessageContext message, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        journal.Lines.Add($"{order.Customer} try {message.Attempt}");
        return (new LabelWanted(order.OrderId, order.Parcel), order.Customer is { } customer ? new MailWanted(customer) : null);
    }

    [LocalHandler("by code", DedupeKey = "Parcel.Code", Name = "by code")]
    internal static void ByCode(OrderPacked order) => _ = order;

    [LocalHandler("by weight", DedupeKey = "Parcel.Weight", Name = "by weight")]
    internal static void ByWeight(OrderPacked order) => _ = order;

    [LocalHandler("by priority", DedupeKey = "Priority", OrderBy = "Day", Name = "by priority")]
    internal static void ByPriority(OrderPacked order) => _ = order;

    [LocalHandler("by id", Name = "by id")]
    internal static void ById(OrderPacked order) => _ = order;

    [LocalHandler("by code and weight", DedupeKeys = ["Parcel.Code", "Parcel.Weight"], Name = "by code and weight", FormerNames = ["by both"], TimeoutSeconds = 1.5, RetentionHours = 48)]
    internal static void ByCodeAndWeight(OrderPacked order) => _ = order;

    [LocalHandler(
        "by method", KeyMethod = nameof(KeyOf), Name = "by method", DeadLetterOn = [typeof(FormatException)], StopOn = [typeof(InvalidOperationException), typeof(TimeoutException)])]
    internal static void ByMethod(OrderPacked order) => _ = order;

    internal static string? KeyOf(OrderPacked order, Envelope envelope) =>
        order.Customer == "nobody" ? throw new InvalidOperationException("no secret") : order.Customer is { } customer ? customer + envelope.MessageId : null;

    [LocalHandler("counted", DedupeKey = "Shelf", Name = "counted")]
    internal static IEnumerable<MailWanted> Count(StockCounted stock, [FromKeyedServices("counts")] Journal counts, Journal? other, IOutbox outbox)
    {
        counts.Lines.Add($"shelf {stock.Shelf}, {(other is null ? "no other" : "another")}");
        outbox.Publish(new MailWanted("first"));
        for (var i = 0; i < stock.Amount; i++)
        {
            yield return new MailWanted($"mail {i}");
        }
    }
}
