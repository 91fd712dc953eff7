using System.Data.Common;

namespace Reliability.Conformance;

/// <summary>Commands that handlers add and the unit of work sends: in their order, with their values, all or none.</summary>
public abstract class BatchConformance(IStorePlace place) : StoreConformance(place)
{
    private const string Insert = "INSERT INTO effect (name) VALUES (@name)";
    private const string Append = "UPDATE effect SET name = name || @name";

    [Fact]
    public async Task Commands_are_sent_in_the_order_of_their_batches_and_within_each_as_added()
    {
        await CommitAsync(async work =>
        {
            var (first, second) = (work.CreateBatch(), work.CreateBatch());
            Add(second, Append, ("@name", "c"));
            Add(first, Insert, ("@name", "a"));
            Add(first, Append, ("@name", "b"));
            Add(second, Append, ("@name", "d"));
            await work.FlushAsync(Cancellation);
        });

        Assert.Equal("abcd", await ReadAsync("SELECT name FROM effect"));
    }

    [Fact]
    public async Task Nothing_is_sent_before_and_what_is_sent_is_seen_in_the_same_transaction() => await CommitAsync(async work =>
    {
        Add(work.CreateBatch(), Insert, ("@name", "a"));
        Assert.Equal(0L, await CountAsync(work));

        await work.FlushAsync(Cancellation);
        Assert.Equal(1L, await CountAsync(work));
    });

    [Fact]
    public async Task A_batch_that_was_sent_is_empty_and_can_be_filled_again()
    {
        await CommitAsync(async work =>
        {
            await work.FlushAsync(Cancellation);
            var batch = work.CreateBatch();
            await work.FlushAsync(Cancellation);
            for (var round = 1; round <= 3; round++)
            {
                Add(batch, Insert, ("@name", "a"));
                await work.FlushAsync(Cancellation);
                Assert.Empty(batch.BatchCommands);
                Assert.Equal((long)round, await CountAsync(work));
                await work.FlushAsync(Cancellation);
            }
        });

        Assert.Equal(3, await CountEffectsAsync());
    }

    [Fact]
    public async Task Parameters_keep_their_values_and_commands_say_how_many_rows_they_changed()
    {
        var commands = new List<DbBatchCommand>();
        await CommitAsync(async work =>
        {
            await ExecuteAsync(work, "CREATE TABLE sample (number BIGINT NOT NULL, text VARCHAR(100), ratio DOUBLE PRECISION NOT NULL)");
            for (var number = 0; number < 150; number++)
            {
                // As handlers do: each has a batch of its own.
                commands.Add(Add(
                    work.CreateBatch(), "INSERT INTO sample (number, text, ratio) VALUES (@number, @text, @ratio)",
                    ("@number", (long)number), ("@text", number % 3 == 0 ? DBNull.Value : $"näme '{number}'"), ("@ratio", number / 4.0)));
            }

            commands.Add(Add(work.CreateBatch(), "DELETE FROM sample WHERE number >= @from", ("@from", 100L)));
            await work.FlushAsync(Cancellation);
        });

        Assert.Equal([.. Enumerable.Repeat(1, 150), 50], commands.Select(command => command.RecordsAffected));
        Assert.Equal(100L, await ReadAsync("SELECT count(*) FROM sample"));
        Assert.Equal(34L, await ReadAsync("SELECT count(*) FROM sample WHERE text IS NULL"));
        Assert.Equal(100L, await ReadAsync("SELECT count(*) FROM sample WHERE ratio = number / 4.0 AND (text IS NULL OR text = 'näme ''' || number || '''')"));
    }

    [Fact]
    public async Task Without_a_commit_nothing_is_kept()
    {
        await using (var work = await Store.BeginAsync(Cancellation))
        {
            Add(work.CreateBatch(), Insert, ("@name", "a"));
            await work.FlushAsync(Cancellation);
        }

        Assert.Equal(0, await CountEffectsAsync());
    }

    [Fact]
    public async Task A_command_that_fails_fails_them_all_and_is_no_sign_of_a_database_that_is_away()
    {
        await using (var work = await Store.BeginAsync(Cancellation))
        {
            await work.AddToInboxAsync([Entry("a")], Cancellation);
            Add(work.CreateBatch(), Insert, ("@name", "a"));
            Add(work.CreateBatch(), Insert, ("@name", DBNull.Value));
            Add(work.CreateBatch(), Insert, ("@name", "b"));

            var error = await Assert.ThrowsAnyAsync<DbException>(async () => await work.FlushAsync(Cancellation));
            Assert.False(Store.IsUnavailable(error), error.ToString());
        }

        Assert.Equal(0, await CountEffectsAsync());
        Assert.Equal([InboxVerdict.New], await CommitAsync(work => work.AddToInboxAsync([Entry("a")], Cancellation)));
    }

    [Fact]
    public async Task A_commit_that_would_lose_commands_is_refused()
    {
        await using (var work = await Store.BeginAsync(Cancellation))
        {
            var batch = work.CreateBatch();
            Add(batch, Insert, ("@name", "a"));
            await work.FlushAsync(Cancellation);
            Add(batch, Insert, ("@name", "late"));

            var error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await work.CommitAsync(Cancellation));
            Assert.Contains("1 commands were added to a batch and not sent", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(0, await CountEffectsAsync());
    }

    [Fact]
    public async Task A_batch_cannot_be_executed_by_whoever_fills_it() => await CommitAsync(async work =>
    {
        var batch = work.CreateBatch();
        Add(batch, Insert, ("@name", "a"));
        await RefusedAsync(() => Task.FromResult(batch.ExecuteNonQuery()));
        await RefusedAsync(() => batch.ExecuteNonQueryAsync(Cancellation));
        await RefusedAsync(() => Task.FromResult(batch.ExecuteScalar()));
        await RefusedAsync(() => batch.ExecuteScalarAsync(Cancellation));
        await RefusedAsync(() => Task.FromResult(batch.ExecuteReader()));
        await RefusedAsync(() => batch.ExecuteReaderAsync(Cancellation));
        await RefusedAsync(() => batch.PrepareAsync(Cancellation));
        await RefusedAsync(() => Task.Run(() => batch.Connection = work.Connection, Cancellation));
        await RefusedAsync(() => Task.Run(() => batch.Transaction = work.Transaction, Cancellation));

        Assert.Equal(0L, await CountAsync(work));
        await work.FlushAsync(Cancellation);
        Assert.Equal(1L, await CountAsync(work));
    });

    [Fact]
    public async Task A_batch_that_is_disposed_by_whoever_fills_it_is_sent_all_the_same()
    {
        await CommitAsync(async work =>
        {
            using (var batch = work.CreateBatch())
                Add(batch, Insert, ("@name", "a"));

            await using (var batch = work.CreateBatch())
                Add(batch, Insert, ("@name", "b"));

            await work.FlushAsync(Cancellation);
        });

        Assert.Equal(2, await CountEffectsAsync());
    }

    [Fact]
    public async Task A_command_or_parameter_that_is_used_twice_is_refused_since_only_its_last_value_would_be_sent()
    {
        await using (var work = await Store.BeginAsync(Cancellation))
        {
            var command = Add(work.CreateBatch(), Insert, ("@name", "a"));
            command.Parameters[0].Value = "b";
            var error = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
            {
                work.CreateBatch().BatchCommands.Add(command);
                await work.FlushAsync(Cancellation);
            });
            Assert.Contains("twice", error.Message, StringComparison.Ordinal);
        }

        await using (var work = await Store.BeginAsync(Cancellation))
        {
            var parameter = Add(work.CreateBatch(), Insert, ("@name", "a")).Parameters[0];
            await Assert.ThrowsAsync<InvalidOperationException>(async () =>
            {
                Add(work.CreateBatch(), Insert).Parameters.Add(parameter);
                await work.FlushAsync(Cancellation);
            });
        }
    }

    [Theory]
    [InlineData("COMMIT")]
    [InlineData("ROLLBACK")]
    public async Task A_command_that_ends_the_transaction_is_told_of(string end)
    {
        await using var work = await Store.BeginAsync(Cancellation);
        Add(work.CreateBatch(), end);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await work.FlushAsync(Cancellation));
        Assert.Contains("committed or rolled back the transaction", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_up_before_it_is_sent_a_command_is_still_there()
    {
        await CommitAsync(async work =>
        {
            Add(work.CreateBatch(), Insert, ("@name", "a"));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await work.FlushAsync(new CancellationToken(canceled: true)));
            await work.FlushAsync(Cancellation);
        });

        Assert.Equal(1, await CountEffectsAsync());
    }

    [Fact]
    public async Task A_unit_of_work_that_has_ended_has_no_batches()
    {
        var work = await Store.BeginAsync(Cancellation);
        await work.CommitAsync(Cancellation);

        Assert.Throws<InvalidOperationException>(() => work.CreateBatch());
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await work.FlushAsync(Cancellation));
        await work.DisposeAsync();
        Assert.Throws<InvalidOperationException>(() => work.CreateBatch());
    }

    [Fact]
    public async Task Commands_join_a_transaction_of_someone_elses()
    {
        await using (var connection = await Place.ConnectAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await using var work = Store.Join(transaction);
            Add(work.CreateBatch(), Insert, ("@name", "a"));
            await work.FlushAsync(Cancellation);
            await transaction.CommitAsync(Cancellation);
        }

        Assert.Equal(1, await CountEffectsAsync());
    }

    private static DbBatchCommand Add(DbBatch batch, string sql, params (string Name, object Value)[] parameters)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        batch.BatchCommands.Add(command);
        return command;
    }

    private static async Task RefusedAsync(Func<Task> act)
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(act);
        Assert.Contains("only add commands", error.Message, StringComparison.Ordinal);
    }

    private static Task<object?> CountAsync(IUnitOfWork work) => ReadAsync(work, "SELECT count(*) FROM effect");

    private static async Task<object?> ReadAsync(IUnitOfWork work, string sql)
    {
        await using var command = work.Connection.CreateCommand();
        command.Transaction = work.Transaction;
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(Cancellation);
    }

    private Task<object?> ReadAsync(string sql) => CommitAsync(async work => await ReadAsync(work, sql));
}
