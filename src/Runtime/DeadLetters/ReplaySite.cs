namespace Reliability;

/// <summary>Where a replay is asked for: in the process whose handlers are meant, or beside it.</summary>
internal abstract class ReplaySite
{
    /// <summary>Learns what it must know before letters are taken.</summary>
    public virtual ValueTask PrepareAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>The letter as its handler's next deferred message.</summary>
    /// <exception cref="LetterRefusedException">No handler can take it.</exception>
    public abstract DeferredMessage Defer(DeadLetter letter, Envelope envelope);

    /// <summary>The handler under whose name the letter's operation is remembered; null where none was ever found.</summary>
    public abstract string? HandlerOf(DeadLetter letter);

    /// <exception cref="LetterRefusedException">Nothing here sends that way.</exception>
    public abstract void RequireRoute(OutboxRow row);

    /// <summary>What tells the letter from others where nothing is read from the message.</summary>
    protected static string KeyWithoutContent(DeadLetter letter, Envelope envelope) =>
        letter.DedupeKey ?? (envelope.MessageId.Length > 0 ? envelope.MessageId : $"dead letter {letter.Id}");

    /// <summary>A transaction has committed: what it brought can be done now.</summary>
    public abstract void Wake(bool deferred, IReadOnlyList<OutboxRow> rows);
}

/// <summary>In the process that has the handlers.</summary>
internal sealed class RunningSite(HandlerCatalog catalog, DeferralSignal deferral, OutboxIntakes intakes) : ReplaySite
{
    public override DeferredMessage Defer(DeadLetter letter, Envelope envelope)
    {
        var handler = Find(letter, envelope.MessageName) ?? throw new LetterRefusedException(NotHere(letter, envelope.MessageName));
        try
        {
            var content = handler.DedupeByOffset ? handler.Handler.Read(envelope, KeyWithoutContent(letter, envelope)) : handler.Handler.Read(envelope);
            return new DeferredMessage
            {
                Consumer = handler.Name,
                Transport = letter.Transport,
                Source = letter.Source,
                DedupeKey = content.DedupeKey,
                OrderKey = content.OrderKey,
                Envelope = envelope,
            };
        }
        catch (MessageRejectedException rejection)
        {
            throw new LetterRefusedException($"{handler.Name} cannot read it: {rejection.Message} Edit the message, or discard it.");
        }
    }

    public override string? HandlerOf(DeadLetter letter) => Find(letter, letter.Envelope.MessageName)?.Name ?? letter.Handler;

    public override void RequireRoute(OutboxRow row)
    {
        if (catalog.FindTransport(row.Transport) is null)
        {
            throw new LetterRefusedException($"The transport '{row.Transport}' is not configured here. Configure it, or replay the message where it is.");
        }
    }

    public override void Wake(bool deferred, IReadOnlyList<OutboxRow> rows)
    {
        if (deferred)
        {
            deferral.Due.Wake();
        }

        foreach (var row in rows)
        {
            intakes.Find(row)?.Wake();
        }
    }

    private HandlerDescriptor? Find(DeadLetter letter, string? messageName) => letter.Handler is { } name
        ? catalog.Handlers.FirstOrDefault(handler => handler.Name == name)
            ?? catalog.Handlers.FirstOrDefault(handler => handler.FormerNames.Contains(name))
        : catalog.Handlers.FirstOrDefault(handler =>
            handler.Transport == letter.Transport && handler.Source == letter.Source && handler.Handler.MessageName == messageName);

    private string NotHere(DeadLetter letter, string? messageName)
    {
        var here = string.Join(", ", catalog.Handlers.Select(handler => $"'{handler.Name}'"));
        return letter.Handler is { } name
            ? $"This process has no handler '{name}'; it has {here}. Renamed? Write the old name into FormerNames of the new one. Removed? Replay the message to its route, or discard it."
            : $"No handler of {letter.Transport} '{letter.Source}' here takes {(messageName is null ? "messages without a name" : $"'{messageName}'")}. Add one, edit the message's name, or discard it.";
    }
}

/// <summary>Beside the processes that have the handlers: only the tables are known, and whoever runs the handler finds what is written there.</summary>
internal sealed class AttachedSite(IMessageStore store) : ReplaySite
{
    private HashSet<string> _known = [];

    public override async ValueTask PrepareAsync(CancellationToken cancellationToken) =>
        _known = [.. (await store.Inbox.CountAsync(cancellationToken).ConfigureAwait(false)).Select(count => count.Consumer)];

    public override DeferredMessage Defer(DeadLetter letter, Envelope envelope)
    {
        var handler = letter.Handler
            ?? throw new LetterRefusedException("No handler was found for it when it came. Replay it to its route once there is one, or discard it.");
        return _known.Contains(handler)
            ? new DeferredMessage
            {
                Consumer = handler,
                Transport = letter.Transport,
                Source = letter.Source,
                // Only what waits is told apart by it: the handler reads its keys from the message anew.
                DedupeKey = KeyWithoutContent(letter, envelope),
                Envelope = envelope,
            }
            : throw new LetterRefusedException(
                $"{store.Description} knows no handler '{handler}': it was renamed or never ran here. It knows {string.Join(", ", _known.Order().Select(name => $"'{name}'"))}. Replay the message to its route, or discard it.");
    }

    public override string? HandlerOf(DeadLetter letter) => letter.Handler is { } handler && _known.Contains(handler) ? handler : null;

    public override void RequireRoute(OutboxRow row)
    {
        // Which transports the running processes have is not written anywhere; a row that none takes waits, and is seen as backlog.
    }

    public override void Wake(bool deferred, IReadOnlyList<OutboxRow> rows)
    {
        // The store tells them, or they look at intervals.
    }
}
