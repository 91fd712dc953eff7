using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace Reliability;

/// <summary>Says of every wrong option its name, its value and what is allowed. The address is the exception: its value may hold a password.</summary>
internal sealed class RabbitMqOptionsValidator : IValidateOptions<RabbitMqOptions>
{
    /// <summary>RabbitMQ's own default before 4.0, and the most that it can be set to afterwards without a warning.</summary>
    private const int LargestBody = 128 * 1024 * 1024;

    private static readonly string[] ExchangeTypes = ["topic", "direct", "fanout", "headers"];

    public ValidateOptionsResult Validate(string? name, RabbitMqOptions options)
    {
        var errors = Check(options).Concat(CheckQueues(options)).Concat(CheckConnections(options)).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Check(RabbitMqOptions options)
    {
        if (!Enum.IsDefined(options.Topology))
        {
            yield return $"RabbitMqOptions.Topology is {options.Topology}; it must be Declare or Verify.";
        }

        if (!Enum.IsDefined(options.QueueType))
        {
            yield return $"RabbitMqOptions.QueueType is {options.QueueType}; it must be Quorum, Classic or Stream.";
        }

        if (!ExchangeTypes.Contains(options.ExchangeType) && options.ExchangeType?.StartsWith("x-", StringComparison.Ordinal) != true)
        {
            yield return $"RabbitMqOptions.ExchangeType is '{options.ExchangeType}'; it must be {string.Join(", ", ExchangeTypes)} or a plugin's type (x-…).";
        }

        if (options.ConfirmTimeout < TimeSpan.FromMilliseconds(100) || options.ConfirmTimeout > TimeSpan.FromHours(1))
        {
            yield return $"RabbitMqOptions.ConfirmTimeout is {options.ConfirmTimeout}; it must be between 100 ms and 1 h.";
        }

        if (options.MaxBodyBytes is < 1 or > LargestBody)
        {
            yield return $"RabbitMqOptions.MaxBodyBytes is {options.MaxBodyBytes:N0}; it must be between 1 and {LargestBody:N0} bytes.";
        }

        foreach (var binding in options.Bindings.Where(binding => binding.Queue.Length == 0 || binding.Exchange.Length == 0))
        {
            yield return $"RabbitMqOptions.Bindings has {binding}; queue and exchange must be named (every queue is bound to the default exchange anyway).";
        }
    }

    private static IEnumerable<string> CheckQueues(RabbitMqOptions options)
    {
        if (options.DeliveryLimit is < 1)
        {
            yield return $"RabbitMqOptions.DeliveryLimit is {options.DeliveryLimit}; it must be at least 1, or null for the broker's own.";
        }

        foreach (var (name, queue) in options.Queues)
        {
            var said = $"RabbitMqOptions.Queues[\"{name}\"]";
            var type = queue.Type ?? options.QueueType;
            if (queue.Type is { } given && !Enum.IsDefined(given))
            {
                yield return $"{said}.Type is {given}; it must be Quorum, Classic or Stream.";
            }

            if (queue.DeliveryLimit is { } limit && (limit < 1 || type != RabbitMqQueueType.Quorum))
            {
                yield return $"{said}.DeliveryLimit is {limit} on a queue of type {type}; it must be at least 1, and only quorum queues have one.";
            }

            if (queue.SingleActiveConsumer && type == RabbitMqQueueType.Stream)
            {
                yield return $"{said}.SingleActiveConsumer is set on a stream; only classic and quorum queues have it.";
            }
        }
    }

    private static IEnumerable<string> CheckConnections(RabbitMqOptions options)
    {
        if (!BrokerAddress.TryParse(options.Uri, out var address, out var error))
        {
            yield return $"RabbitMqOptions.Uri {error}. Its value is not shown, since it may hold a password; allowed is amqp[s]://user:password@host:port/vhost.";
        }

        foreach (var host in options.Hosts.Where(host => address?.TryAt(host, out _) == false))
        {
            // Whoever writes a whole address here may have written a password.
            yield return $"RabbitMqOptions.Hosts has {(host.Contains('@', StringComparison.Ordinal) ? "an address with a user" : $"'{host}'")}; it must be host or host:port, the rest is taken from RabbitMqOptions.Uri.";
        }

        foreach (var wrong in CheckTls(options.Tls, address))
        {
            yield return wrong;
        }

        if (options.ConnectTimeout < TimeSpan.FromMilliseconds(100) || options.ConnectTimeout > TimeSpan.FromMinutes(5))
        {
            yield return $"RabbitMqOptions.ConnectTimeout is {options.ConnectTimeout}; it must be between 100 ms and 5 min.";
        }

        if (options.FirstReconnectPause < TimeSpan.FromMilliseconds(10))
        {
            yield return $"RabbitMqOptions.FirstReconnectPause is {options.FirstReconnectPause}; it must be at least 10 ms.";
        }

        if (options.LongestReconnectPause < options.FirstReconnectPause || options.LongestReconnectPause > TimeSpan.FromHours(1))
        {
            yield return $"RabbitMqOptions.LongestReconnectPause is {options.LongestReconnectPause}; it must be between FirstReconnectPause ({options.FirstReconnectPause}) and 1 h.";
        }
    }

    private static IEnumerable<string> CheckTls(RabbitMqTls tls, BrokerAddress? address)
    {
        if (address is { Tls: false } && !tls.IsDefault)
        {
            yield return "RabbitMqOptions.Tls is set, but RabbitMqOptions.Uri begins with amqp, which speaks no TLS; it must begin with amqps.";
        }

        if (tls.AuthorityFile is { } file && Unreadable(file) is { } why)
        {
            yield return $"RabbitMqOptions.Tls.AuthorityFile is '{file}', {why}; it must be a PEM file with at least one certificate.";
        }

        if (tls.ClientCertificate is { HasPrivateKey: false } certificate)
        {
            yield return $"RabbitMqOptions.Tls.ClientCertificate ({certificate.Subject}) has no private key; it must have one.";
        }
    }

    private static string? Unreadable(string file)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(file);
            return authorities.Count > 0 ? null : "which has no certificate";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return $"which cannot be read ({ConnectFailure.WithoutStop(error.Message)})";
        }
    }
}
