using Microsoft.Data.Sqlite;
using Reliability.Connections;
using Reliability.DeadLetters;
using Reliability.Deferral;
using Reliability.Inbox;
using Reliability.Outbox;
using Reliability.Schema;

namespace Reliability;

/// <summary>Messages in a SQLite file that this process alone works on.</summary>
internal sealed class SqliteMessageStore : IMessageStore
{
    private readonly SqliteStoreOptions _options;
    private readonly StoreClock _clock;
    private readonly ConnectionOpener _opener;
    private readonly ConsumerNumbers _consumers = new();
    private readonly WriteGate _gate;
    private readonly ReadConnection _reader;
    private readonly SemaphoreSlim _starting = new(1, 1);
    private InstanceLock? _lock;

    public SqliteMessageStore(SqliteStoreOptions options, TimeProvider time)
    {
        var file = DatabaseFile.Parse(options.ConnectionString, out var reason)
            ?? throw new StoreException($"{nameof(SqliteStoreOptions)}.{nameof(options.ConnectionString)}: {reason}");
        _options = options;
        _clock = new StoreClock(time);
        _opener = new ConnectionOpener(file, options.BusyTimeout);
        _gate = new WriteGate(_opener, NewSession);
        _reader = new ReadConnection(_opener);
        Inbox = new InboxTable(_gate, _reader);
        Outbox = new OutboxTable(_gate, _reader);
        Deferral = new DeferralTable(_gate, _reader);
        DeadLetters = new DeadLetterTable(_reader);
    }

    public string Description => $"SQLite '{_opener.File.Path}'";

    public IInboxTable Inbox { get; }

    public IOutboxTable Outbox { get; }

    public IDeferralTable Deferral { get; }

    public IDeadLetterTable DeadLetters { get; }

    public IAuditTable Audit => throw new NotSupportedException();

    public ILeaseTable Leases => throw new NotSupportedException();

    public IStoreSchema Schema => throw new NotSupportedException();

    public bool IsExclusive => true;

    public int Parallelism => 1;

    public ValueTask AttachAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public IUnitOfWork Join(System.Data.Common.DbTransaction transaction) => throw new NotSupportedException();

    public IDisposable Listen(Action<OutboxNews> wake) => new NoNews();

    private sealed class NoNews : IDisposable
    {
        public void Dispose()
        {
        }
    }

    public async ValueTask StartAsync(IReadOnlyCollection<ConsumerRegistration> registrations, CancellationToken cancellationToken)
    {
        var consumers = registrations.Select(consumer => consumer.Name).ToList();
        await _starting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _gate.RequireNotClosed();
            if (_lock is null)
                await OpenAsync(consumers, cancellationToken).ConfigureAwait(false);
            else
                _consumers.Learn(await _gate.WriteAsync((session, transaction) => session.Inbox.Register(transaction, consumers), cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            _starting.Release();
        }
    }

    public async ValueTask<IUnitOfWork> BeginAsync(CancellationToken cancellationToken) =>
        await _gate.BeginAsync(cancellationToken).ConfigureAwait(false);

    public bool IsUnavailable(Exception error) => error switch
    {
        SqliteException sqlite => SqliteErrors.IsUnavailable(sqlite),
        ObjectDisposedException disposed when disposed.ObjectName == typeof(SqliteMessageStore).FullName => true,
        // Object mappers wrap what the driver throws.
        { InnerException: { } inner } => IsUnavailable(inner),
        _ => false,
    };

    public async ValueTask DisposeAsync()
    {
        await _gate.DisposeAsync().ConfigureAwait(false);
        await _reader.DisposeAsync().ConfigureAwait(false);
        // Last: until here another instance would have found a writer at work.
        _lock?.Dispose();
        _lock = null;
    }

    private async ValueTask OpenAsync(IReadOnlyCollection<string> consumers, CancellationToken cancellationToken)
    {
        var file = _opener.File;
        if (!Directory.Exists(file.Folder))
            throw new StoreException($"The folder '{file.Folder}' of the SQLite database '{file.Path}' does not exist. Create it, or name a file elsewhere.");

        var held = await InstanceLock.TakeAsync(file, _options.InstanceWait, cancellationToken).ConfigureAwait(false);
        SqliteConnection? connection = null;
        try
        {
            connection = _opener.OpenOrCreate();
            SchemaUpgrade.Apply(connection, file.Path);
            _gate.Open(Begin(connection, consumers));
            _lock = held;
        }
        catch (Exception error)
        {
            connection?.Dispose();
            held.Dispose();
            if (error is SqliteException sqlite && SqliteErrors.StartFailure(sqlite, file) is { } failure)
                throw failure;

            throw;
        }
    }

    private WriteSession Begin(SqliteConnection connection, IReadOnlyCollection<string> consumers)
    {
        var session = NewSession(connection);
        using var transaction = connection.BeginTransaction(deferred: false);
        var numbers = session.Inbox.Register(transaction, consumers);
        // No holder outlives its process, and no other process is here: whoever holds rows is dead.
        session.Outbox.FreeAllLeased(transaction);
        session.Deferral.EndLeases(transaction);
        transaction.Commit();
        _consumers.Learn(numbers);
        return session;
    }

    private WriteSession NewSession(SqliteConnection connection) => new(connection, _clock, _consumers);
}
