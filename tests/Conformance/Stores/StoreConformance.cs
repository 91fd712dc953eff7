using System.Data.Common;
using System.Globalization;
using System.Text;

namespace Reliability.Conformance;

/// <summary>What the suites of a store share: a started store on an empty database, and a clock that the test moves.</summary>
public abstract class StoreConformance(IStorePlace place) : IAsyncLifetime
{
    protected const string Billing = "Billing.Issue";
    protected const string Shipping = "Shipping.Send";
    protected const string Relay = "relay-1";

    private IMessageStore? _store;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected static Lease Minute { get; } = new(Relay, TimeSpan.FromMinutes(1));

    protected AdjustableTime Time { get; } = new();

    protected IStorePlace Place => place;

    protected IMessageStore Store => _store ?? throw new InvalidOperationException("The test has not begun.");

    public async ValueTask InitializeAsync()
    {
        _store = await place.OpenAsync(Time);
        await _store.StartAsync([Billing, Shipping], Cancellation);
        await CommitAsync(work => ExecuteAsync(work, "CREATE TABLE effect (name VARCHAR(200) NOT NULL)"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();

        await place.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the store as a process in good order does, and starts it anew.</summary>
    protected Task RestartAsync() => RestartAsync(new ConsumerRegistration(Billing, []), new ConsumerRegistration(Shipping, []));

    /// <summary>Ends the store, and starts it anew with other handlers.</summary>
    protected async Task RestartAsync(params ConsumerRegistration[] consumers)
    {
        await Store.DisposeAsync();
        _store = await place.OpenAsync(Time);
        await _store.StartAsync(consumers, Cancellation);
    }

    /// <summary>Does something in a unit of work of its own, and commits.</summary>
    protected Task CommitAsync(Func<IUnitOfWork, ValueTask> act) => Store.CommitAsync(act, Cancellation);

    /// <summary>Does something in a unit of work of its own, commits, and gives the result.</summary>
    protected Task<T> CommitAsync<T>(Func<IUnitOfWork, ValueTask<T>> act) => Store.CommitAsync(act, Cancellation);

    protected static async ValueTask ExecuteAsync(IUnitOfWork work, string sql, params (string Name, object Value)[] parameters)
    {
        await using var command = Command(work, sql, parameters);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    protected static ValueTask AddEffectAsync(IUnitOfWork work, string name) =>
        ExecuteAsync(work, "INSERT INTO effect (name) VALUES (@name)", ("@name", name));

    protected Task<long> CountEffectsAsync() => CommitAsync(async work =>
    {
        await using var command = Command(work, "SELECT count(*) FROM effect");
        return Convert.ToInt64(await command.ExecuteScalarAsync(Cancellation), CultureInfo.InvariantCulture);
    });

    protected static Envelope Message(string id, string body = "{}") => new()
    {
        MessageId = id,
        MessageName = "OrderPaid",
        Key = "customer-7",
        Headers = new Dictionary<string, string> { ["tenant"] = "north" },
        Body = Encoding.UTF8.GetBytes(body),
    };

    protected static OutboxRow Row(
        string id, string route = "invoices", string transport = TransportNames.RabbitMq, DateTimeOffset? notBefore = null, string? orderKey = null) =>
        new() { Transport = transport, Route = route, Envelope = Message(id), NotBefore = notBefore, OrderKey = orderKey };

    protected static InboxEntry Entry(string key, long fingerprint = 1, string consumer = Billing) => new(consumer, InboxKey.Of(key), fingerprint);

    protected static DeferredMessage Deferred(string key, string? orderKey = null, string consumer = Billing) => new()
    {
        Consumer = consumer,
        Transport = TransportNames.RabbitMq,
        Source = "orders.paid",
        DedupeKey = key,
        OrderKey = orderKey,
        Envelope = Message("m-" + key),
        Attempts = 1,
        LastError = "InvalidOperationException: no such customer",
    };

    protected static DeadLetter Letter(string key) => new()
    {
        Handler = Billing,
        Transport = TransportNames.RabbitMq,
        Source = "orders.paid",
        Envelope = Message("m-" + key),
        DedupeKey = key,
        Reason = DeadLetterReason.AttemptsExhausted,
        Error = "InvalidOperationException: no such customer",
        Attempts = 5,
    };

    protected static void AssertSame(Envelope expected, Envelope actual)
    {
        Assert.Equal(expected.MessageId, actual.MessageId);
        Assert.Equal(expected.MessageName, actual.MessageName);
        Assert.Equal(expected.Key, actual.Key);
        Assert.Equal(expected.Headers.OrderBy(header => header.Key, StringComparer.Ordinal), actual.Headers.OrderBy(header => header.Key, StringComparer.Ordinal));
        Assert.True(expected.Body.Span.SequenceEqual(actual.Body.Span), $"The body of {expected.Body.Length} bytes came back as other {actual.Body.Length} bytes.");
    }

    private static DbCommand Command(IUnitOfWork work, string sql, params (string Name, object Value)[] parameters)
    {
        var command = work.Connection.CreateCommand();
        command.Transaction = work.Transaction;
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
