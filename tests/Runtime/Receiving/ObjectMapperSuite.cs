using Dapper;

namespace Reliability.Tests.Receiving;

/// <summary>Effects by an object mapper over ADO.NET: it needs nothing but the transaction.</summary>
public abstract class ObjectMapperSuite
{
    private readonly Func<TestPlace> _open;

    private protected ObjectMapperSuite(Func<TestPlace> open) => _open = open;

    [Fact]
    public async Task What_Dapper_writes_on_the_transaction_commits_with_the_message_and_only_then()
    {
        await using var place = _open();
        await using var application = await new TestApplication(place)
            .Handle(async (paid, context) =>
            {
                await context.Connection.ExecuteAsync("INSERT INTO effects(text) VALUES (@Text)", new { Text = paid.Order }, context.Transaction);
                if (context.Message.Attempt == 1 && paid.Order == "fails")
                {
                    throw new InvalidOperationException("after its row was written");
                }
            })
            .StartAsync();

        await application.PublishAsync([new Paid("works"), new Paid("fails")]);
        await application.EffectsAsync(2);
        await application.SettledAsync();

        Assert.Equal(["fails", "works"], (await application.EffectsAsync()).Order());
    }
}
