using System.Globalization;
using Npgsql;
using Reliability.Connections;
using Reliability.Schema;

namespace Reliability.Leases;

internal sealed class LeaseStatements(TableNames names, StoreClock clock)
{
    private readonly string _forgetDead = $"DELETE FROM {names.LeaseMember} WHERE duty = $2 AND until <= {StoreClock.Now} AND owner <> $3";

    private readonly string _join = $"""
        INSERT INTO {names.LeaseMember} (duty, owner, until) VALUES ($3, $4, {StoreClock.After("$2")})
        ON CONFLICT (duty, owner) DO UPDATE SET until = EXCLUDED.until
        """;

    private readonly string _renew = $"UPDATE {names.Lease} SET until = {StoreClock.After("$2")} WHERE duty = $3 AND owner = $4";

    private readonly string _take = $"""
        INSERT INTO {names.Lease} (duty, part, owner, until)
        SELECT $3, part, $4, {StoreClock.After("$2")} FROM generate_series(0, $5 - 1) AS part
        WHERE NOT EXISTS (SELECT FROM {names.Lease} WHERE duty = $3 AND lease.part = part.part AND until > {StoreClock.Now})
        ORDER BY part LIMIT greatest(0, {Fair(names)} - (SELECT count(*) FROM {names.Lease} WHERE duty = $3 AND owner = $4 AND part < $5))
        ON CONFLICT (duty, part) DO UPDATE SET owner = EXCLUDED.owner, until = EXCLUDED.until
        """;

    private readonly string _read = $"""
        SELECT {Fair(names)}, (SELECT array_agg(part ORDER BY part) FROM {names.Lease} WHERE duty = $3 AND owner = $4 AND part < $5)
        """;

    private readonly string _return = $"DELETE FROM {names.Lease} WHERE duty = $1 AND owner = $2 AND part = ANY ($3)";

    private readonly string _returnAll = $"DELETE FROM {names.Lease} WHERE duty = $1 AND owner = $2";

    private readonly string _leave = $"DELETE FROM {names.LeaseMember} WHERE duty = $1 AND owner = $2";

    /// <summary>What an asker's share is, in one transaction; the last statement gives the fair share and the parts. One asker at a time.</summary>
    public NpgsqlBatchCommand[] Share(string duty, int parts, Lease lease)
    {
        NpgsqlBatchCommand Asker(string sql) => clock.Command(sql).Duration(lease.Duration).Text(duty).Text(lease.Owner);

        return
        [
            TakeTurn(duty),
            clock.Command(_forgetDead).Text(duty).Text(lease.Owner),
            Asker(_join),
            Asker(_renew),
            Asker(_take).Int(parts),
            Asker(_read).Int(parts),
        ];
    }

    public NpgsqlBatchCommand Return(string duty, IReadOnlyCollection<int> parts, string owner) =>
        new NpgsqlBatchCommand(_return).Text(duty).Text(owner).Ints([.. parts]);

    public NpgsqlBatchCommand[] Leave(string duty, string owner) =>
        [TakeTurn(duty), new NpgsqlBatchCommand(_returnAll).Text(duty).Text(owner), new NpgsqlBatchCommand(_leave).Text(duty).Text(owner)];

    public static DutyShare Read(NpgsqlDataReader row) => new(row.IsDBNull(1) ? [] : row.GetFieldValue<int[]>(1), row.GetInt32(0));

    // Gives no rows, and has no parameters: a DO block cannot have any.
    private NpgsqlBatchCommand TakeTurn(string duty) =>
        new(string.Create(CultureInfo.InvariantCulture, $"DO 'BEGIN PERFORM pg_advisory_xact_lock({names.LockOf("duty\n" + duty)}); END'"));

    private static string Fair(TableNames names) =>
        $"(SELECT ceil($5::numeric / greatest(count(*), 1))::integer FROM {names.LeaseMember} WHERE duty = $3)";
}
