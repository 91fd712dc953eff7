using System.Text;

namespace Reliability;

/// <summary>
/// What can be said of a message before it is sent. The broker answers such messages by closing the channel or the connection, which would take other
/// messages' confirms with it.
/// </summary>
internal sealed class PublishRules(RabbitMqOptions options)
{
    /// <summary>AMQP's short strings: names, keys and ids.</summary>
    private const int LongestShortText = 255;

    /// <summary>Properties and headers must fit into one frame; brokers negotiate 128 KiB unless they are configured for less.</summary>
    private const int LargestHeaders = 120 * 1024;

    /// <summary>The properties beside the headers at their longest, and what AMQP puts around them: two short strings of 255 bytes, and some fixed ones.</summary>
    private const int LargestProperties = 640;

    /// <summary>What AMQP puts around one header: the lengths of name and value, and a type. The key's header has a name of ours.</summary>
    private const int HeaderOverhead = 24;

    /// <summary>The broker reads these as further routing keys, and closes the channel where they are plain text.</summary>
    private static readonly string[] RoutingHeaders = ["CC", "BCC"];

    /// <summary>Why no attempt can succeed; null where one can.</summary>
    public string? Refusal(RabbitMqRoute route, Envelope envelope)
    {
        if (envelope.Body.Length > options.MaxBodyBytes)
        {
            return $"the body has {envelope.Body.Length:N0} bytes; RabbitMqOptions.MaxBodyBytes allows {options.MaxBodyBytes:N0}. "
                + "Send a reference to the content instead, or raise the option together with the broker's max_message_size";
        }

        if (route is { IsQueue: true, RoutingKey.Length: 0 })
        {
            return "the route is empty; write a queue, or exchange/routing.key";
        }

        return ShortText("exchange", route.Exchange)
            ?? ShortText("routing key", route.RoutingKey)
            ?? ShortText("message id", envelope.MessageId)
            ?? ShortText("message name", envelope.MessageName)
            ?? Headers(envelope);
    }

    /// <summary>Why the properties and headers do not fit into one frame, which AMQP asks for; null where they do.</summary>
    /// <param name="pending">The message.</param>
    /// <param name="frameMax">What was agreed upon with the broker, in bytes; 0: no limit.</param>
    public static string? FrameRefusal(PendingPublish pending, uint frameMax)
    {
        if (frameMax == 0 || pending.Envelope is not { } envelope)
        {
            return null;
        }

        var bytes = HeaderBytes(envelope, perHeader: HeaderOverhead);
        foreach (var (name, value) in pending.CloudEvent?.Attributes ?? [])
        {
            bytes += CloudEvent.AmqpPrefix.Length + HeaderOverhead + Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value);
        }

        return bytes + LargestProperties <= frameMax
            ? null
            : $"the headers and the key have {bytes:N0} bytes; with the other properties they do not fit into a frame of {frameMax:N0}, the broker's frame_max. Move them into the body, or raise frame_max";
    }

    private static string? ShortText(string what, string? text)
    {
        // A UTF-16 unit becomes at most three bytes: most texts need no counting.
        if (text is null || text.Length <= LongestShortText / 3)
        {
            return null;
        }

        var bytes = Encoding.UTF8.GetByteCount(text);
        return bytes <= LongestShortText ? null : $"the {what} has {bytes:N0} bytes; AMQP allows {LongestShortText}";
    }

    private static string? Headers(Envelope envelope)
    {
        foreach (var name in envelope.Headers.Keys)
        {
            if (RoutingHeaders.Contains(name))
            {
                return $"the header '{name}' is an instruction to RabbitMQ to route copies elsewhere; give the message another header, or publish it to each route";
            }

            if (ShortText("header name", name) is { } tooLong)
            {
                return tooLong;
            }
        }

        var bytes = HeaderBytes(envelope, perHeader: 0);
        return bytes <= LargestHeaders ? null : $"the headers and the key have {bytes:N0} bytes; at most {LargestHeaders:N0} fit into a frame. Move them into the body";
    }

    private static long HeaderBytes(Envelope envelope, int perHeader)
    {
        long bytes = envelope.Key is null ? 0 : Encoding.UTF8.GetByteCount(envelope.Key) + perHeader;
        foreach (var (name, value) in envelope.Headers)
        {
            bytes += Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value) + perHeader;
        }

        return bytes;
    }
}
