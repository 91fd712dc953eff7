using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Reliability;

/// <summary>One try to connect to one node, with an end: a process that stands still takes connections, since the kernel does, and never answers.</summary>
internal sealed class ConnectAttempt(BrokerAddress node, RabbitMqOptions options, TimeProvider time, ILogger log)
{
    /// <summary>Why it failed.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Null where it failed.</summary>
    public async Task<IConnection?> RunAsync(string name, CancellationToken cancellationToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ServerCertificateCheck? certificate = null;
        Task<IConnection>? connecting = null;
        try
        {
            certificate = node.Tls ? TlsSettings.CheckFor(node, options.Tls) : null;
            connecting = node.CreateFactory(options, certificate).CreateConnectionAsync(name, giveUp.Token);
            // Waited for from outside: the client does not heed its token at every step.
            return await connecting.WaitAsync(options.ConnectTimeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await GiveUpAsync(connecting, giveUp).ConfigureAwait(false);
            throw;
        }
        catch (TimeoutException) when (connecting is { IsCompleted: false })
        {
            await GiveUpAsync(connecting, giveUp).ConfigureAwait(false);
            Refusal = $"{node} did not answer within {options.ConnectTimeout} (RabbitMqOptions.ConnectTimeout). "
                + "Check host and port, firewalls, whether amqp or amqps is spoken there, and whether the broker's process runs or stands still";
        }
#pragma warning disable CA1031 // Whatever connecting throws becomes the reason, and the next node is asked.
        catch (Exception error)
#pragma warning restore CA1031
        {
            log.ConnectAttemptError(node, error);
            Refusal = certificate?.Refusal ?? ConnectFailure.Explain(error, node);
        }

        return null;
    }

    /// <summary>A connection that is there after all, later, belongs to nobody.</summary>
    private async Task GiveUpAsync(Task<IConnection>? connecting, CancellationTokenSource giveUp)
    {
        await giveUp.CancelAsync().ConfigureAwait(false);
        _ = connecting?.ContinueWith(
            async late =>
            {
                if (late.Status == TaskStatus.RanToCompletion)
                {
                    var connection = await late.ConfigureAwait(false);
                    await connection.AbortAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
                else if (late.Exception is { } error)
                {
                    log.ConnectAttemptError(node, error);
                }
            },
            TaskScheduler.Default);
    }
}
