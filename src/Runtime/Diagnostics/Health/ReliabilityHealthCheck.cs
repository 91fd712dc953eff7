using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Reliability;

/// <summary>
/// Whether messages come and go: store, brokers, subscriptions, the relay's lag, dead letters. Names, ids, counts and times only; texts of others are
/// cleaned of secrets.
/// </summary>
internal sealed class ReliabilityHealthCheck(
    IMessageStore store, HandlerCatalog catalog, ISubscriptions subscriptions, HandlerWatch watch, ReliabilityHealthOptions options, TimeProvider time) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var findings = new HealthFindings();
        findings.Note("store", store.Description);
        foreach (var transport in catalog.Transports)
        {
            await CheckAsync(transport, findings, cancellationToken).ConfigureAwait(false);
        }

        CheckSubscriptions(findings);
        CheckHandlers(findings);
        await CheckStoreAsync(findings, cancellationToken).ConfigureAwait(false);
        return findings.Result(context.Registration.FailureStatus);
    }

    private async Task CheckAsync(ITransport transport, HealthFindings findings, CancellationToken cancellationToken)
    {
        var state = await InTimeAsync(
            token => transport.CheckAsync(token),
            () => TransportState.Away($"no answer within {options.Timeout}"),
            error => TransportState.Away(ErrorText.Of(error)),
            cancellationToken).ConfigureAwait(false);
        findings.Note($"transport.{transport.Name}", state.IsConnected ? "connected" : "away");
        if (!state.IsConnected)
        {
            findings.Unhealthy($"The broker of {transport.Name} cannot be reached: {ErrorText.Trim(state.Reason ?? "no reason given")}. Outgoing messages wait in the outbox, incoming ones at the broker.");
        }
    }

    private void CheckSubscriptions(HealthFindings findings)
    {
        foreach (var subscription in subscriptions.List())
        {
            findings.Note($"subscription.{subscription.Transport}/{subscription.Source}", subscription.State.ToString().ToLowerInvariant());
            if (subscription.State == SubscriptionState.Stopped)
            {
                findings.Unhealthy(
                    $"{subscription.Handler} stopped the subscription of {subscription.Transport} '{subscription.Source}' at message {subscription.MessageId}: {ErrorText.Trim(subscription.Reason ?? "no reason given")}. Mend it, then resume (ISubscriptions) or restart.");
            }
        }
    }

    private void CheckHandlers(HealthFindings findings)
    {
        var overdue = watch.Overdue();
        findings.Note("stuck_handlers", overdue.Count);
        foreach (var (message, took) in overdue)
        {
            findings.Degraded($"{message.Handler!.Name} runs for {Math.Round(took.TotalSeconds)} s on message {message.Delivery.Envelope.MessageId} past its time, and does not heed its cancelled token.");
        }
    }

    private async Task CheckStoreAsync(HealthFindings findings, CancellationToken cancellationToken)
    {
        var trouble = await InTimeAsync<string?>(
            async token =>
            {
                await CheckLagAsync(findings, token).ConfigureAwait(false);
                await CheckDeadLettersAsync(findings, token).ConfigureAwait(false);
                return null;
            },
            () => $"no answer within {options.Timeout}",
            ErrorText.Of,
            cancellationToken).ConfigureAwait(false);
        if (trouble is not null)
        {
            findings.Unhealthy($"The store {store.Description} cannot be reached: {trouble}. Nothing is received or sent; messages stay at the broker.");
        }
    }

    private async Task CheckLagAsync(HealthFindings findings, CancellationToken cancellationToken)
    {
        foreach (var transport in catalog.Transports)
        {
            var oldest = await store.Outbox.FindOldestAsync(transport.Name, cancellationToken).ConfigureAwait(false);
            var lag = oldest is { } at ? time.GetUtcNow() - at : TimeSpan.Zero;
            findings.Note($"outbox.{transport.Name}.oldest_age_seconds", Math.Round(Math.Max(0, lag.TotalSeconds), 1));
            var text = $"The oldest message to {transport.Name} waits for {Math.Round(lag.TotalSeconds)} s.";
            if (lag > options.UnhealthyLag)
            {
                findings.Unhealthy(text);
            }
            else if (lag > options.DegradedLag)
            {
                findings.Degraded(text);
            }
        }
    }

    private async Task CheckDeadLettersAsync(HealthFindings findings, CancellationToken cancellationToken)
    {
        var letters = await store.DeadLetters.CountAsync(DeadLetterFilter.All, cancellationToken).ConfigureAwait(false);
        findings.Note("dead_letters", letters);
        if (letters > options.MaxDeadLetters)
        {
            findings.Degraded($"{letters} dead letters wait for a person (the option allows {options.MaxDeadLetters}).");
        }
    }

    /// <summary>A check that hangs would be as silent as none.</summary>
    private async Task<T> InTimeAsync<T>(Func<CancellationToken, ValueTask<T>> ask, Func<T> late, Func<Exception, T> failed, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Timeout);
        try
        {
            // Waited for from outside as well: not every driver heeds its token.
            return await ask(limit.Token).AsTask().WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return late();
        }
#pragma warning disable CA1031 // Whatever is thrown is what the check is to tell.
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return failed(error);
        }
    }
}
