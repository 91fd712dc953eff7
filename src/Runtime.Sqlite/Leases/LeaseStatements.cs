using Microsoft.Data.Sqlite;
using Reliability.Connections;

namespace Reliability.Leases;

internal sealed class LeaseStatements(Statements statements, StoreClock clock)
{
    private readonly Statement _endSharers = new(statements, "DELETE FROM reliability_lease_sharer WHERE duty = @p1 AND until <= @p2");

    private readonly Statement _endLeases = new(statements, "DELETE FROM reliability_lease WHERE duty = @p1 AND until <= @p2");

    private readonly Statement _share = new(statements, """
        INSERT INTO reliability_lease_sharer (duty, owner, until) VALUES (@p1, @p2, @p3)
        ON CONFLICT (duty, owner) DO UPDATE SET until = excluded.until
        """);

    private readonly Statement _countSharers = new(statements, "SELECT count(*) FROM reliability_lease_sharer WHERE duty = @p1");

    private readonly Statement _renew = new(statements, "UPDATE reliability_lease SET until = @p3 WHERE duty = @p1 AND owner = @p2");

    private readonly Statement _select = new(statements, "SELECT part, owner FROM reliability_lease WHERE duty = @p1 ORDER BY part");

    private readonly Statement _take = new(statements, "INSERT INTO reliability_lease (duty, part, owner, until) VALUES (@p1, @p2, @p3, @p4)");

    private readonly Statement _return = new(statements, "DELETE FROM reliability_lease WHERE duty = @p1 AND part = @p2 AND owner = @p3");

    private readonly Statement _returnAll = new(statements, "DELETE FROM reliability_lease WHERE duty = @p1 AND owner = @p2");

    private readonly Statement _leave = new(statements, "DELETE FROM reliability_lease_sharer WHERE duty = @p1 AND owner = @p2");

    private readonly Statement _endAllLeases = new(statements, "DELETE FROM reliability_lease");

    private readonly Statement _endAllSharers = new(statements, "DELETE FROM reliability_lease_sharer");

    public DutyShare Share(SqliteTransaction transaction, string duty, int parts, Lease lease)
    {
        var now = clock.Now;
        var until = clock.After(lease.Duration);
        _endSharers.Run(transaction, duty, now);
        _endLeases.Run(transaction, duty, now);
        _share.Run(transaction, duty, lease.Owner, until);
        _renew.Run(transaction, duty, lease.Owner, until);

        var sharers = (int)(long)_countSharers.Scalar(transaction, duty)!;
        var fair = (parts + sharers - 1) / sharers;
        var owners = _select.Rows(transaction, row => KeyValuePair.Create(row.GetInt32(0), row.GetString(1)), duty).ToDictionary();
        var held = Enumerable.Range(0, parts).Where(part => owners.GetValueOrDefault(part) == lease.Owner).ToList();
        foreach (var part in Enumerable.Range(0, parts).Where(part => !owners.ContainsKey(part)).Take(Math.Max(0, fair - held.Count)).ToList())
        {
            _take.Run(transaction, duty, part, lease.Owner, until);
            held.Add(part);
        }

        held.Sort();
        return new DutyShare(held, fair);
    }

    public void Return(SqliteTransaction transaction, string duty, IReadOnlyCollection<int> parts, string owner)
    {
        foreach (var part in parts)
            _return.Run(transaction, duty, part, owner);
    }

    public void Leave(SqliteTransaction transaction, string duty, string owner)
    {
        _returnAll.Run(transaction, duty, owner);
        _leave.Run(transaction, duty, owner);
    }

    /// <summary>Ends every lease: their owners are dead.</summary>
    public void EndAll(SqliteTransaction transaction)
    {
        _endAllLeases.Run(transaction);
        _endAllSharers.Run(transaction);
    }
}
