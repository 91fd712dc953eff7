using System.Data.Common;

namespace Reliability.Tests.Receiving;

public sealed class FailureRulesTests
{
    private static readonly HandlerDescriptor Handler = new("Test.Paid", TransportNames.Local, "paid", new DelegateHandler<Paid>(TestJson.Default.Paid, (_, _) => ValueTask.CompletedTask));

    [Fact]
    public void What_nobody_names_is_retried() =>
        Assert.Equal(FailureAction.Retry, FailureRules.ActionOn(Handler, new InvalidOperationException(), new FailureOptions()));

    [Fact]
    public void A_derived_exception_follows_its_base_type() =>
        Assert.Equal(FailureAction.DeadLetter, FailureRules.ActionOn(Handler, new ArgumentNullException(), new FailureOptions().DeadLetterOn<ArgumentException>()));

    [Fact]
    public void The_most_derived_type_wins_whatever_was_said_first()
    {
        var options = new FailureOptions().RetryOn<ArgumentNullException>().DeadLetterOn<ArgumentException>().StopOn<Exception>();

        Assert.Equal(FailureAction.Retry, FailureRules.ActionOn(Handler, new ArgumentNullException(), options));
        Assert.Equal(FailureAction.DeadLetter, FailureRules.ActionOn(Handler, new ArgumentOutOfRangeException(), options));
        Assert.Equal(FailureAction.Stop, FailureRules.ActionOn(Handler, new InvalidOperationException(), options));
    }

    [Fact]
    public void What_the_handler_says_wins_over_the_options()
    {
        var handler = Handler with { StopOn = [typeof(SystemException)], DeadLetterOn = [typeof(ArgumentException)] };
        var options = new FailureOptions().RetryOn<ArgumentNullException>().DeadLetterOn<InvalidOperationException>();

        Assert.Equal(FailureAction.DeadLetter, FailureRules.ActionOn(handler, new ArgumentNullException(), options));
        Assert.Equal(FailureAction.Stop, FailureRules.ActionOn(handler, new InvalidOperationException(), options));
    }

    [Fact]
    public void A_task_that_wraps_the_exception_changes_nothing() =>
        Assert.Equal(FailureAction.DeadLetter, FailureRules.ActionOn(
            Handler, new AggregateException(new ArgumentNullException()), new FailureOptions().DeadLetterOn<ArgumentException>()));

    [Theory]
    [InlineData("40P01", true)]
    [InlineData("40001", true)]
    [InlineData("23505", false)]
    [InlineData(null, false)]
    public void The_victim_of_a_deadlock_or_serialization_failure_is_known_by_its_code(string? code, bool isVictim)
    {
        Assert.Equal(isVictim, FailureRules.IsVictim(new CodedException(code)));
        Assert.Equal(isVictim, FailureRules.IsVictim(new InvalidOperationException("saving failed", new CodedException(code))));
    }

    private sealed class CodedException(string? code) : DbException
    {
        public override string? SqlState => code;
    }
}
