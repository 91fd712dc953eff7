using System.Text.Json.Serialization.Metadata;

namespace Reliability.Tests;

/// <summary>A wrapper as the generator would emit it, around a delegate.</summary>
internal sealed class DelegateHandler<TMessage>(
    JsonTypeInfo<TMessage> json, Func<TMessage, HandlerContext, ValueTask> handle, Func<TMessage, string?>? dedupeKey = null, Func<TMessage, string?>? orderKey = null,
    bool takesBatch = false)
    : MessageHandler<TMessage>(typeof(TMessage).Name, json)
    where TMessage : notnull
{
    public override bool IsOrdered => orderKey is not null;

    public override bool TakesBatch => takesBatch;

    protected override ValueTask HandleAsync(TMessage message, HandlerContext context) => handle(message, context);

    protected override string DedupeKey(TMessage message, Envelope envelope) =>
        dedupeKey is null ? base.DedupeKey(message, envelope) : KeyText.Required(KeyText.Of(dedupeKey(message)), "Order");

    protected override string? OrderKey(TMessage message) => orderKey?.Invoke(message);
}
