using System.Net.Sockets;
using System.Security.Authentication;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Reliability;

/// <summary>Why there is no connection, in words that say what to change. Holds no password: neither the client's errors nor ours quote one.</summary>
internal static class ConnectFailure
{
    private const ushort AccessRefused = 403;
    private const ushort NotAllowed = 530;

    public static string Explain(Exception error, BrokerAddress address)
    {
        if (error is ConnectException said)
        {
            return said.Message;
        }

        var chain = Chain(error).ToList();
        if (chain.OfType<PossibleAuthenticationFailureException>().Any() || chain.OfType<AuthenticationFailureException>().Any())
        {
            return $"{address} refused the login of user '{address.User}'. Check user and password in RabbitMqOptions.Uri";
        }

        if (chain.OfType<OperationInterruptedException>().FirstOrDefault()?.ShutdownReason is { } closed)
        {
            return Explain(closed, address);
        }

        if (chain.OfType<AuthenticationException>().FirstOrDefault() is { } tls)
        {
            return $"TLS with {address} failed: {WithoutStop(tls.Message)}. Check that amqps is spoken at this port, and that both sides have a version of TLS in common";
        }

        if (chain.OfType<SocketException>().FirstOrDefault() is { } socket)
        {
            return socket.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => $"nothing listens at {address} (connection refused). Check host and port in RabbitMqOptions.Uri, and that the broker runs",
                SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => $"the host of {address} is not known to the name service. Check RabbitMqOptions.Uri",
                _ => $"{address} cannot be reached: {WithoutStop(socket.Message)}. Check host and port in RabbitMqOptions.Uri, and firewalls",
            };
        }

        if (chain.OfType<OperationCanceledException>().Any() || chain.OfType<TimeoutException>().Any())
        {
            return $"{address} did not answer in time. Check host and port in RabbitMqOptions.Uri, firewalls, and whether amqp or amqps is spoken there";
        }

        return $"{address} cannot be used: {chain[^1].GetType().Name}: {WithoutStop(chain[^1].Message)}";
    }

    /// <summary>What others wrote, as a part of a sentence of ours.</summary>
    public static string WithoutStop(string text) => text.TrimEnd('.', ' ', '\n', '\r');

    /// <summary>Why an open connection or channel was closed.</summary>
    public static string Explain(ShutdownEventArgs closed, BrokerAddress address) => closed.ReplyCode switch
    {
        AccessRefused => $"{address} refused the login of user '{address.User}': {closed.ReplyText}. Check user, password and the user's permissions",
        NotAllowed => $"{address} does not let user '{address.User}' into virtual host '{address.VirtualHost}': {closed.ReplyText}. "
            + "Create it (rabbitmqctl add_vhost), grant permissions (rabbitmqctl set_permissions), or correct RabbitMqOptions.Uri",
        _ when closed.Initiator == ShutdownInitiator.Peer => $"{address} closed the connection: {closed.ReplyCode} {WithoutStop(closed.ReplyText)}",
        _ => $"the connection to {address} was lost: {WithoutStop(closed.Exception?.Message ?? closed.ReplyText)}",
    };

    private static IEnumerable<Exception> Chain(Exception error)
    {
        for (Exception? current = error; current is not null; current = current.InnerException)
        {
            yield return current;
            if (current is AggregateException { InnerExceptions.Count: > 1 } several)
            {
                foreach (var inner in several.InnerExceptions.Skip(1).SelectMany(Chain))
                {
                    yield return inner;
                }
            }
        }
    }
}
