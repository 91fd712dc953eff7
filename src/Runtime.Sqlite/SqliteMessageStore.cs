using System.Data.Common;
using Microsoft.Data.Sqlite;
using Reliability.Audit;
using Reliability.Connections;
using Reliability.DeadLetters;
using Reliability.Deferral;
using Reliability.Inbox;
using Reliability.Leases;
using Reliability.Outbox;
using Reliability.Positions;
using Reliability.Schema;

namespace Reliability;

/// <summary>Messages in a SQLite file that one process works on, and others may visit.</summary>
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
    private bool _attached;

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
        Audit = new AuditTable(_gate, _reader);
        Positions = new PositionTable(_reader, _consumers);
        Leases = new LeaseTable(_gate);
        Schema = new StoreSchema(_opener);
    }

    public string Description => $"SQLite '{_opener.File.Path}'";

    public IInboxTable Inbox { get; }

    public IOutboxTable Outbox { get; }

    public IDeferralTable Deferral { get; }

    public IDeadLetterTable DeadLetters { get; }

    public IPositionTable Positions { get; }

    public IAuditTable Audit { get; }

    public ILeaseTable Leases { get; }

    public IStoreSchema Schema { get; }

    public bool IsExclusive => true;

    public int Parallelism => 1;

    public async ValueTask StartAsync(IReadOnlyCollection<ConsumerRegistration> consumers, CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _gate.RequireNotClosed();
            if (_attached)
                throw new InvalidOperationException("This store is attached, to look at the tables beside the service: start another.");

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

    public async ValueTask AttachAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _gate.RequireNotClosed();
            if (_lock is null && !_attached)
                Attach();
        }
        finally
        {
            _starting.Release();
        }
    }

    public async ValueTask<IUnitOfWork> BeginAsync(CancellationToken cancellationToken) =>
        await _gate.BeginAsync(cancellationToken).ConfigureAwait(false);

    public IUnitOfWork Join(DbTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        _gate.RequireOpen();
        if (transaction is not SqliteTransaction joined)
        {
            throw new InvalidOperationException(
                $"The transaction is a {transaction.GetType().FullName}; {Description} joins a {typeof(SqliteTransaction).FullName}. Nothing was written.");
        }

        if (joined.Connection is not { } connection)
            throw new InvalidOperationException($"The transaction to be joined by {Description} has ended. Nothing was written: join it before its commit.");

        if (!_opener.File.Is(connection.DataSource))
        {
            throw new InvalidOperationException(
                $"The transaction is open on '{(connection.DataSource.Length > 0 ? connection.DataSource : "a database in memory")}', and the store on '{_opener.File.Path}': they must be one file. Nothing was written.");
        }

        return new SqliteUnitOfWork(NewSession(connection), joined, gate: null);
    }

    // Nothing to tell: no other process works on the file, and of joined transactions SQLite gives no news.
    public IDisposable Listen(Action<OutboxNews> wake) => new NoNews();

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

    private async ValueTask OpenAsync(IReadOnlyCollection<ConsumerRegistration> consumers, CancellationToken cancellationToken)
    {
        var file = _opener.File;
        file.RequireFolder();
        var held = await InstanceLock.TakeAsync(file, _options.InstanceWait, cancellationToken).ConfigureAwait(false);
        SqliteConnection? connection = null;
        try
        {
            connection = _opener.OpenOrCreate();
            SchemaScript.Apply(connection, file.Path);
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

    private WriteSession Begin(SqliteConnection connection, IReadOnlyCollection<ConsumerRegistration> consumers)
    {
        var session = NewSession(connection);
        using var transaction = connection.BeginTransaction(deferred: false);
        try
        {
            var numbers = session.Inbox.Register(transaction, consumers);
            // No holder outlives its process, and no other process is here: whoever holds rows is dead.
            session.Outbox.FreeAllLeased(transaction);
            session.Deferral.EndLeases(transaction);
            session.Leases.EndAll(transaction);
            transaction.Commit();
            _consumers.Learn(numbers);
            return session;
        }
        catch
        {
            FailedCommit.LetRollBack(connection);
            throw;
        }
    }

    private void Attach()
    {
        var file = _opener.File;
        if (!File.Exists(file.Path))
            throw new StoreException($"There is no SQLite database '{file.Path}'. Name the file that the service uses; nothing was created.");

        SqliteConnection? connection = null;
        try
        {
            connection = _opener.OpenWriter();
            SchemaScript.RequireKnown(connection, file.Path);
            var session = NewSession(connection);
            _consumers.Learn(session.Inbox.ReadConsumers(null));
            _gate.Open(session);
            _attached = true;
        }
        catch (Exception error)
        {
            connection?.Dispose();
            if (error is SqliteException sqlite && SqliteErrors.StartFailure(sqlite, file) is { } failure)
                throw failure;

            throw;
        }
    }

    private WriteSession NewSession(SqliteConnection connection) => new(connection, _clock, _consumers);

    private sealed class NoNews : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
