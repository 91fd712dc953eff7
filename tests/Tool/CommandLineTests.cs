using Microsoft.Data.Sqlite;

namespace Reliability.Tests;

/// <summary>What is typed wrong, and stores that do not fit.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("reliability-tool-").FullName;

    private string File => Path.Combine(_folder, "app.db");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("Unrecognized", "dead-letters", "bury")]
    [InlineData("--reason", "dead-letters", "list", "--reason", "Boredom")]
    [InlineData("'soon' is no time", "dead-letters", "list", "--from", "soon")]
    [InlineData("--limit must be between", "dead-letters", "list", "--limit", "0")]
    [InlineData("seven", "dead-letters", "show", "seven")]
    [InlineData("Which dead letters?", "dead-letters", "discard")]
    [InlineData("What is to be changed?", "dead-letters", "edit", "1")]
    [InlineData("--header must be name=value", "dead-letters", "edit", "1", "--header", "tenant")]
    [InlineData("--by must name somebody", "dead-letters", "discard", "1", "--by", " ")]
    [InlineData("--from is 99; versions go from 0 to", "schema", "print", "--from", "99")]
    public async Task A_wrong_command_line_ends_with_2_and_says_what_is_wrong(string said, params string[] arguments)
    {
        await RunAsync("schema", "apply");

        var run = await RunAsync(arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task A_store_must_be_named_and_may_be_by_the_settings()
    {
        var nowhere = await ToolProcess.RunAsync(null, ["status"], folder: _folder);
        await System.IO.File.WriteAllTextAsync(
            Path.Combine(_folder, "appsettings.json"), """{ /* by hand */ "Reliability": { "Store": "sqlite:app.db" }, }""", TestContext.Current.CancellationToken);
        var fromSettings = await ToolProcess.RunAsync(null, ["schema", "apply"], folder: _folder);

        Assert.Equal(2, nowhere.ExitCode);
        Assert.Contains("RELIABILITY_STORE", nowhere.Errors, StringComparison.Ordinal);
        Assert.Equal(0, fromSettings.ExitCode);
        Assert.True(System.IO.File.Exists(File));
    }

    [Theory]
    [InlineData("Host=db;Password=hunter2", "status")]
    [InlineData("mysql:Host=db;Password=hunter2", "status")]
    [InlineData("sqlite:Data Source=x;Password=hunter2;Nonsense=1", "status")]
    [InlineData("sqlite:app.db", "status", "postgresql:Host=db;Password=hunter2")]
    [InlineData("sqlite:app.db", "dead-letters", "list", "--id=Password=hunter2")]
    public async Task A_password_is_never_echoed(string store, params string[] arguments)
    {
        var run = await ToolProcess.RunAsync(store, arguments, folder: _folder);

        Assert.NotEqual(0, run.ExitCode);
        Assert.NotEmpty(run.Errors);
        Assert.DoesNotContain("hunter2", run.Output + run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_not_made_by_looking()
    {
        var status = await RunAsync("status");
        var check = await RunAsync("schema", "check");

        Assert.Equal((1, 1), (status.ExitCode, check.ExitCode));
        Assert.Contains("There is no SQLite database", status.Errors, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public async Task Tables_are_made_checked_and_printed()
    {
        var applied = await RunAsync("schema", "apply", "--json");
        var again = await RunAsync("schema", "apply");
        var check = await RunAsync("schema", "check", "--json");
        var script = await RunAsync("schema", "print");

        var known = applied.Json.GetProperty("after").GetInt32();
        Assert.Equal((0, 0, 0, 0), (applied.ExitCode, again.ExitCode, check.ExitCode, script.ExitCode));
        Assert.Equal(0, applied.Json.GetProperty("before").GetInt32());
        Assert.Contains($"has schema {known} already", again.Output, StringComparison.Ordinal);
        Assert.True(check.Json.GetProperty("matches").GetBoolean());
        Assert.Contains("CREATE TABLE", script.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_printed_script_makes_the_tables()
    {
        Execute((await RunAsync("schema", "print")).Output);

        Assert.Equal(0, (await RunAsync("schema", "check")).ExitCode);
        Assert.Equal(0, (await RunAsync("status")).ExitCode);
    }

    [Theory]
    [InlineData("version + 1", "made by a newer Reliability.Sqlite", "Newer: take the tool's version")]
    [InlineData("version - 1", "", "Older: run reliability schema apply")]
    public async Task Tables_of_another_version_are_not_touched(string version, string status, string check)
    {
        await RunAsync("schema", "apply");
        Execute($"UPDATE reliability_schema SET version = {version}");

        var looked = await RunAsync("status");
        var compared = await RunAsync("schema", "check");

        Assert.Equal((1, 1), (looked.ExitCode, compared.ExitCode));
        Assert.Contains(status, looked.Errors, StringComparison.Ordinal);
        Assert.Contains(check, compared.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_command_has_help()
    {
        foreach (var command in new[] { "", "status", "outbox", "dead-letters", "dead-letters replay", "schema", "schema print" })
        {
            var help = await RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

            Assert.Equal(0, help.ExitCode);
            Assert.Contains("Usage:", help.Output, StringComparison.Ordinal);
        }
    }

    private Task<ToolRun> RunAsync(params string[] arguments) => ToolProcess.RunAsync("sqlite:" + File, arguments, folder: _folder);

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
