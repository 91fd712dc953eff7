using System.Data.Common;
using Microsoft.Extensions.Logging;
using Npgsql;
using Reliability.Audit;
using Reliability.Connections;
using Reliability.DeadLetters;
using Reliability.Deferral;
using Reliability.Diagnostics;
using Reliability.Inbox;
using Reliability.Leases;
using Reliability.Notifications;
using Reliability.Outbox;
using Reliability.Positions;
using Reliability.Schema;

namespace Reliability;

/// <summary>Messages in a PostgreSQL schema that any number of processes share.</summary>
internal sealed class PostgreSqlMessageStore : IMessageStore
{
    private readonly PostgreSqlStoreOptions _options;
    private readonly ILogger _log;
    private readonly Database _database;
    private readonly TableNames _names;
    private readonly Statements _statements;
    private readonly StoreSchema _schema;
    private readonly OutboxListener _listener;
    private volatile bool _durably;

    public PostgreSqlMessageStore(PostgreSqlStoreOptions options, ILogger<PostgreSqlMessageStore> log)
    {
        _options = options;
        _log = log;
        _database = new Database(options.DataSource ?? OwnSource.Build(options.ConnectionString), owned: options.DataSource is null);
        _names = new TableNames(options.Schema);
        _schema = new StoreSchema(_database, _names, new Migrations(_names, options.PartitionedInbox));
        var clock = new StoreClock(options.Clock);
        var consumers = new ConsumerNumbers();
        var claimed = new ClaimedTransports();
        _statements = new Statements(_names, clock, consumers);
        _listener = new OutboxListener(_database, _names, claimed, log);
        Inbox = new InboxTable(_database, _statements.Inbox, consumers);
        Outbox = new OutboxTable(_database, _statements.Outbox, new ClaimStatements(_names, clock), claimed);
        Deferral = new DeferralTable(_database, _statements.Deferral, consumers);
        DeadLetters = new DeadLetterTable(_database, _statements.DeadLetters);
        Audit = new AuditTable(_database, _statements.Audit);
        Positions = new PositionTable(_database, _statements.Positions);
        Leases = new LeaseTable(_database, new LeaseStatements(_names, clock));
    }

    public string Description => $"PostgreSQL {_database.Address}, schema {_names.Schema}";

    public IInboxTable Inbox { get; }

    public IOutboxTable Outbox { get; }

    public IDeferralTable Deferral { get; }

    public IDeadLetterTable DeadLetters { get; }

    public IPositionTable Positions { get; }

    public IAuditTable Audit { get; }

    public ILeaseTable Leases { get; }

    public IStoreSchema Schema => _schema;

    public bool IsExclusive => false;

    public int Parallelism => _options.Parallelism;

    public async ValueTask StartAsync(IReadOnlyCollection<ConsumerRegistration> consumers, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await _database.ConnectFirstAsync(cancellationToken).ConfigureAwait(false);
            await using var close = connection.ConfigureAwait(false);
            await CheckServerAsync(connection, cancellationToken).ConfigureAwait(false);
            if (_options.ApplySchema)
                await _schema.ApplyAsync(connection, cancellationToken).ConfigureAwait(false);

            await OpenAsync(connection, cancellationToken).ConfigureAwait(false);
            var (numbers, renamed) = await new ConsumerRegistrations(_names).RegisterAsync(connection, consumers, cancellationToken).ConfigureAwait(false);
            foreach (var (former, name) in renamed)
                _log.HandlerRenamed(_database.Address, former, name);

            _statements.Consumers.Learn(numbers);
            _database.Open();
        }
        catch (PostgresException error) when (PostgreSqlErrors.StartFailure(error, _database.Address, _names.Schema) is { } failure)
        {
            throw failure;
        }
    }

    public async ValueTask AttachAsync(CancellationToken cancellationToken)
    {
        try
        {
            var connection = await _database.ConnectFirstAsync(cancellationToken).ConfigureAwait(false);
            await using var close = connection.ConfigureAwait(false);
            await CheckServerAsync(connection, cancellationToken).ConfigureAwait(false);
            await OpenAsync(connection, cancellationToken).ConfigureAwait(false);
            _statements.Consumers.Learn(await new ConsumerRegistrations(_names).ReadAsync(connection, cancellationToken).ConfigureAwait(false));
            _database.Open();
        }
        catch (PostgresException error) when (PostgreSqlErrors.StartFailure(error, _database.Address, _names.Schema) is { } failure)
        {
            throw failure;
        }
    }

    public async ValueTask<IUnitOfWork> BeginAsync(CancellationToken cancellationToken)
    {
        var connection = await _database.ConnectAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Travels with the first statement. READ COMMITTED by name: a role may have another default.
            var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
            return new PostgreSqlUnitOfWork(transaction, _statements, joined: false, _durably);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public IUnitOfWork Join(DbTransaction transaction) =>
        new PostgreSqlUnitOfWork(JoinedTransaction.Require(transaction, _database.Address), _statements, joined: true, _durably);

    public IDisposable Listen(Action<OutboxNews> wake) => _listener.Listen(wake);

    public bool IsUnavailable(Exception error) => error switch
    {
        NpgsqlException npgsql => PostgreSqlErrors.IsUnavailable(npgsql),
        ObjectDisposedException disposed when disposed.ObjectName == typeof(PostgreSqlMessageStore).FullName => true,
        // Object mappers wrap what the driver throws.
        { InnerException: { } inner } => IsUnavailable(inner),
        _ => false,
    };

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync().ConfigureAwait(false);
        await _database.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask CheckServerAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var server = await ServerCheck.RunAsync(connection, _database.Address, cancellationToken).ConfigureAwait(false);
        _durably = !server.CommitsAreDurable;
        if (_durably)
            _log.CommitsNotDurable(_database.Address);

        if (server.Unsafe.Length > 0)
            _log.UnsafeServer(_database.Address, server.Unsafe);
    }

    private async ValueTask OpenAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await _schema.RequireKnownAsync(connection, cancellationToken).ConfigureAwait(false);
        await ServerCheck.RequireRightsAsync(connection, _database.Address, _names, cancellationToken).ConfigureAwait(false);
        if (_options.PartitionedInbox)
            await _schema.RequirePartitionedInboxAsync(connection, cancellationToken).ConfigureAwait(false);
    }
}
