using System.Collections.Frozen;

namespace Reliability;

/// <summary>The handlers, message types and transports of this process, checked against each other once at start.</summary>
internal sealed class HandlerCatalog
{
    private readonly FrozenDictionary<(string Transport, string Source), HandlerDescriptor[]> _bySource;
    private readonly FrozenDictionary<string, HandlerDescriptor> _byName;
    private readonly FrozenDictionary<Type, MessageType> _messageTypes;
    private readonly FrozenDictionary<string, ITransport> _transports;

    /// <exception cref="InvalidOperationException">They do not fit together; the message lists everything that is wrong.</exception>
    public HandlerCatalog(IReadOnlyList<HandlerDescriptor> handlers, IReadOnlyList<MessageType> messageTypes, IEnumerable<ITransport> transports, ReliabilityOptions options, bool exclusiveStore = true)
    {
        _transports = transports.GroupBy(transport => transport.Name).ToFrozenDictionary(
            same => same.Key,
            same => same.Count() == 1 ? same.Single() : throw new InvalidOperationException($"AddReliability: the transport '{same.Key}' is configured twice."));
        Options = options;
        DefaultTransport = options.DefaultTransport ?? OnlyTransport();
        Handlers = handlers;
        MessageTypes = [.. messageTypes.DistinctBy(type => type.Type)];

        var errors = CatalogRules.Check(this, options, exclusiveStore).ToList();
        if (errors.Count > 0)
        {
            throw new InvalidOperationException("AddReliability: " + string.Join(Environment.NewLine, errors));
        }

        _bySource = handlers.GroupBy(handler => (handler.Transport, handler.Source)).ToFrozenDictionary(group => group.Key, group => group.ToArray());
        _byName = handlers.DistinctBy(handler => handler.Name).ToFrozenDictionary(handler => handler.Name);
        _messageTypes = MessageTypes.ToFrozenDictionary(type => type.Type);
    }

    public ReliabilityOptions Options { get; }

    public IReadOnlyList<HandlerDescriptor> Handlers { get; }

    public IReadOnlyList<MessageType> MessageTypes { get; }

    /// <summary>Null where several are configured and no option chooses.</summary>
    public string? DefaultTransport { get; }

    public IEnumerable<ITransport> Transports => _transports.Values;

    public IReadOnlyCollection<string> Consumers => _byName.Keys;

    public IReadOnlyCollection<ConsumerRegistration> Registrations =>
        [.. _byName.Values.Select(handler => new ConsumerRegistration(handler.Name, handler.FormerNames))];

    public IEnumerable<(string Transport, string Source)> Sources => _bySource.Keys;

    public ITransport? FindTransport(string name) => _transports.GetValueOrDefault(name);

    public bool HasHandler(string transport, string source) => _bySource.ContainsKey((transport, source));

    public MessageType? FindMessageType(Type type) => _messageTypes.GetValueOrDefault(type);

    public HandlerDescriptor FindConsumer(string name) => _byName[name];

    public IReadOnlyList<HandlerDescriptor> HandlersOf(string transport, string source) => _bySource[(transport, source)];

    public Topology TopologyOf(string transport) => new(
        [.. Handlers.Where(handler => handler.Transport == transport).Select(handler => handler.Source).Distinct()],
        [.. MessageTypes.Where(type => type.Route is not null && (type.Transport ?? DefaultTransport) == transport).Select(type => type.Route!).Distinct()])
    {
        OrderedSources = [.. Handlers.Where(handler => handler.Transport == transport && handler.Handler.IsOrdered).Select(handler => handler.Source).Distinct()],
    };

    private string? OnlyTransport()
    {
        var brokers = _transports.Keys.Where(name => name != TransportNames.Local).ToList();
        return brokers.Count switch { 0 => TransportNames.Local, 1 => brokers[0], _ => null };
    }
}
