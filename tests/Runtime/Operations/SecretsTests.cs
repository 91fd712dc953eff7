namespace Reliability.Tests.Operations;

public sealed class SecretsTests
{
    [Theory]
    [InlineData("Failed to connect: Host=db;Username=app;Password=hunter2;Database=shop", "Host=db;Username=app;Password=***;Database=shop")]
    [InlineData("Host=db;Password=two words hunter2;Port=5432", "Password=***;Port=5432")]
    [InlineData("Server=db;Pwd='hun;ter2';Timeout=5", "Pwd=***;Timeout=5")]
    [InlineData("cannot reach amqp://shop:hunter2@broker:5672/prod", "amqp://***@broker:5672/prod")]
    [InlineData("cannot reach amqps://shop:hun@ter2@broker/prod now", "amqps://***@broker/prod now")]
    [InlineData("redis://:hunter2@cache:6379 is away", "redis://***@cache:6379 is away")]
    [InlineData("postgresql://app:hun/ter2@db/shop", "postgresql://***@db/shop")]
    [InlineData("GET https://api/x?token=hunter2&page=3 gave 500", "token=***&page=3 gave 500")]
    [InlineData("Authorization: Bearer hunter2hunter2", "Authorization: ***")]
    [InlineData("401 for Authorization: Basic aHVudGVyMg==", "Authorization: ***")]
    [InlineData("sent bearer hunter2hunter2, got 401", "bearer ***, got 401")]
    [InlineData("""{"user":"app","password":"hunter2","page":1}""", """{"user":"app","password":***,"page":1}""")]
    [InlineData("client_secret=hunter2 was refused", "client_secret=*** was refused")]
    [InlineData("api-key: hunter2", "api-key: ***")]
    [InlineData("AccountKey=hunter2==;EndpointSuffix=core", "AccountKey=***;EndpointSuffix=core")]
    [InlineData("SharedAccessSignature=sr=x&sig=hunter2&se=1", "***")]
    [InlineData("sasl.password=hunter2", "sasl.password=***")]
    [InlineData("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJodW50ZXIyIn0.hunter2 expired", "jwt *** expired")]
    public void A_secret_does_not_get_past(string text, string rest)
    {
        var clean = ErrorText.Trim(text);

        Assert.DoesNotContain("hunter2", clean, StringComparison.Ordinal);
        Assert.DoesNotContain("ter2", clean, StringComparison.Ordinal);
        Assert.Contains(rest, clean, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("The operation has timed out after 30 s")]
    [InlineData("duplicate key value violates unique constraint \"orders_pkey\"")]
    [InlineData("No route to https://api.example.com/orders/17?page=2")]
    [InlineData("Basic properties are missing; the bearer of bad news")]
    public void What_is_no_secret_stays(string text) => Assert.Equal(text, ErrorText.Trim(text));

    [Fact]
    public void A_secret_at_the_cut_is_not_kept_in_half() =>
        Assert.DoesNotContain("hun", ErrorText.Trim(new string('x', 1990) + " password=hunter2hunter2"), StringComparison.Ordinal);

    [Fact]
    public void A_hostile_text_is_cleaned_in_no_time()
    {
        var began = TimeProvider.System.GetTimestamp();

        ErrorText.Trim(string.Concat(Enumerable.Repeat("password=a://b@\"'", 5000)));
        ErrorText.Trim(string.Concat(Enumerable.Repeat("a://", 5000)));
        ErrorText.Trim("password=" + new string(' ', 100_000));

        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_handlers_error_is_kept_without_its_secrets_and_logged_without_them()
    {
        await using var application = await new TestApplication().Handle(
            (_, _) => throw new InvalidOperationException("Host=db;Password=hunter2;", new InvalidOperationException("amqp://u:hunter2@broker")),
            handler => handler with { Attempts = 1 }).StartAsync();
        await application.PublishAsync(new Paid("o1"));

        var letter = (await application.DeadLettersAsync(1))[0];

        Assert.Contains("System.InvalidOperationException: Host=db;Password=***;", letter.Error, StringComparison.Ordinal);
        Assert.Contains("amqp://***@broker", letter.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(application.Logs.Lines, line => line.Contains("is a dead letter", StringComparison.Ordinal) && line.Contains("hunter2", StringComparison.Ordinal));
    }
}
