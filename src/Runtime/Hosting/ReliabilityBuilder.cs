using Microsoft.Extensions.DependencyInjection;

namespace Reliability;

/// <summary>Collects what <c>AddReliability</c> configures: a store, transports, handlers and message types.</summary>
public sealed class ReliabilityBuilder
{
    internal ReliabilityBuilder(IServiceCollection services) => Services = services;

    /// <summary>The application's services. Stores register an <see cref="IMessageStore"/>, transports an <see cref="ITransport"/>, both as singletons.</summary>
    public IServiceCollection Services { get; }

    internal List<HandlerDescriptor> Handlers { get; } = [];

    internal List<MessageType> MessageTypes { get; } = [];

    /// <summary>Sets options.</summary>
    public ReliabilityBuilder Configure(Action<ReliabilityOptions> configure)
    {
        Services.Configure(configure);
        return this;
    }

    /// <summary>Adds a handler. The generated <c>AddHandlers</c> calls it.</summary>
    public ReliabilityBuilder AddHandler(HandlerDescriptor handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Handlers.Add(handler);
        return this;
    }

    /// <summary>Adds a message type. The generated <c>AddHandlers</c> calls it.</summary>
    public ReliabilityBuilder AddMessage(MessageType messageType)
    {
        ArgumentNullException.ThrowIfNull(messageType);
        MessageTypes.Add(messageType);
        return this;
    }
}
