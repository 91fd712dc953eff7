using Microsoft.Extensions.Logging;

namespace Reliability;

/// <summary>Tells, at the start, of messages that wait for handlers that this process has not: nobody may ever run them.</summary>
internal sealed class UnclaimedMessages(IMessageStore store, HandlerCatalog catalog, ILogger<UnclaimedMessages> log)
{
    public async ValueTask WarnAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var waiting in await store.Deferral.CountAsync(cancellationToken).ConfigureAwait(false))
            {
                if (!catalog.Consumers.Contains(waiting.Consumer))
                {
                    log.HandlerIsGone(waiting.Consumer, waiting.Messages, waiting.OldestAt);
                }
            }
        }
        catch (Exception error) when (store.IsUnavailable(error))
        {
            log.UnclaimedNotCounted(error);
        }
    }
}
