namespace Reliability;

/// <summary>What must hold between handlers, message types and transports; each broken rule is one sentence that says what to do.</summary>
internal static class CatalogRules
{
    /// <param name="catalog">What is configured.</param>
    /// <param name="options">Options of the runtime.</param>
    /// <param name="exclusiveStore">True where no other process can have the handlers that this one has not.</param>
    public static IEnumerable<string> Check(HandlerCatalog catalog, ReliabilityOptions options, bool exclusiveStore) =>
        HandlersHaveTransports(catalog)
            .Concat(OffsetsAreGiven(catalog))
            .Concat(NamesAreUnique(catalog))
            .Concat(MessagesHaveOneHandler(catalog))
            .Concat(RoutesHaveTransports(catalog))
            .Concat(exclusiveStore ? LocalRoutesHaveHandlers(catalog) : [])
            .Concat(TimesFit(catalog, options))
            .Concat(ExceptionsAreNamedOnce(catalog));

    private static IEnumerable<string> HandlersHaveTransports(HandlerCatalog catalog) =>
        from handler in catalog.Handlers
        where catalog.FindTransport(handler.Transport) is null
        select $"{handler} has no transport: {HowToUse(handler.Transport)}, or leave the handler out with AddHandlers(handler => …).";

    private static IEnumerable<string> OffsetsAreGiven(HandlerCatalog catalog) =>
        from handler in catalog.Handlers
        where handler.DedupeByOffset && catalog.FindTransport(handler.Transport) is { GivesPositions: false }
        select $"{handler} dedupes by offset ({nameof(HandlerDescriptor.DedupeByOffset)}), but the messages of {handler.Transport} have none. Name a DedupeKey, or leave the message id to identify the operation.";

    private static IEnumerable<string> NamesAreUnique(HandlerCatalog catalog) =>
        from handler in catalog.Handlers
        group handler by handler.Name into named
        where named.Select(handler => handler.Handler.GetType()).Distinct().Count() > 1
        select $"Several handlers are named '{named.Key}', so one would drop what another has handled. Set Name on the handler attribute.";

    private static IEnumerable<string> MessagesHaveOneHandler(HandlerCatalog catalog) =>
        from handler in catalog.Handlers
        group handler by (handler.Transport, handler.Source, handler.Handler.MessageName) into same
        where same.Count() > 1
        select $"'{same.Key.MessageName}' from {same.Key.Transport} '{same.Key.Source}' has several handlers: {string.Join(", ", same.Select(handler => handler.Name))}. A delivery goes to one; give each a queue of its own.";

    private static IEnumerable<string> RoutesHaveTransports(HandlerCatalog catalog) =>
        from type in catalog.MessageTypes
        where type.Route is not null
        let transport = type.Transport ?? catalog.DefaultTransport
        where transport is null || catalog.FindTransport(transport) is null
        select transport is null
            ? $"{type.Name} is published to '{type.Route}', but several transports are configured: set Transport on its [PublishTo], or {nameof(ReliabilityOptions)}.{nameof(ReliabilityOptions.DefaultTransport)}."
            : $"{type.Name} is published to {transport} '{type.Route}', which has no transport: {HowToUse(transport)}.";

    private static IEnumerable<string> LocalRoutesHaveHandlers(HandlerCatalog catalog) =>
        from type in catalog.MessageTypes
        where type.Route is not null && (type.Transport ?? catalog.DefaultTransport) == TransportNames.Local
        where !catalog.Handlers.Any(handler => handler.Transport == TransportNames.Local && handler.Source == type.Route)
        select $"{type.Name} is published to the local queue '{type.Route}', which no [LocalHandler] here handles: it would stay in the store for ever. Add a handler, or configure a broker.";

    private static IEnumerable<string> TimesFit(HandlerCatalog catalog, ReliabilityOptions options)
    {
        foreach (var handler in catalog.Handlers)
        {
            if (handler.Retention is { } retention && retention < options.RedeliveryHorizon)
            {
                yield return $"{handler} forgets handled messages after {retention} (RetentionHours), but a message may be delivered again for {options.RedeliveryHorizon} ({nameof(ReliabilityOptions)}.{nameof(options.RedeliveryHorizon)}): "
                    + "what comes after it is forgotten would be handled twice. Lengthen the one, or shorten the other to what your broker, replays and partners can really do.";
            }

            if (handler.Timeout is { } timeout && timeout <= TimeSpan.Zero && timeout != System.Threading.Timeout.InfiniteTimeSpan)
            {
                yield return $"{handler} has a time limit of {timeout} (TimeoutSeconds); it must be longer than nothing.";
            }
        }
    }

    private static IEnumerable<string> ExceptionsAreNamedOnce(HandlerCatalog catalog) =>
        from handler in catalog.Handlers
        from type in handler.DeadLetterOn.Intersect(handler.StopOn)
        select $"{handler} names {type.FullName} both in DeadLetterOn and in StopOn. Choose one.";

    private static string HowToUse(string transport) => transport switch
    {
        TransportNames.RabbitMq => "call UseRabbitMq(…) (package Reliability.RabbitMQ)",
        TransportNames.Kafka => "call UseKafka(…) (package Reliability.Kafka)",
        _ => $"configure a transport named '{transport}'",
    };
}
