namespace Reliability;

/// <summary>One send under way. Used again for later rows, and a link of the list of all that are under way, oldest first.</summary>
internal sealed class Send
{
    private readonly Action<Send> _answered;
    private readonly Action _continue;

    /// <param name="answered">Called on any thread when the transport has answered.</param>
    public Send(Action<Send> answered)
    {
        _answered = answered;
        _continue = () => _answered(this);
    }

    public OutboxRow Row { get; private set; } = null!;

    public Task<PublishOutcome> Answer { get; private set; } = null!;

    public object? Scope { get; private set; }

    public long Began { get; private set; }

    /// <summary>Given up: the answer that may still come is nobody's, and this is not used again.</summary>
    public bool GivenUp { get; set; }

    public Send? Older { get; set; }

    public Send? Younger { get; set; }

    public void Begin(OutboxRow row, object? scope, long began, Task<PublishOutcome> answer)
    {
        (Row, Scope, Began, Answer) = (row, scope, began, answer);
        answer.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_continue);
    }

    /// <summary>How it ended; a transport that throws has broken its contract: the row stays, and an attempt counts.</summary>
    public PublishOutcome Outcome() => Answer.IsCompletedSuccessfully
        ? Answer.Result
        : PublishOutcome.Failed(Answer.Exception is { } error ? ErrorText.Of(error.GetBaseException()) : "the transport gave the send up");

    /// <summary>Keeps nothing of the row alive.</summary>
    public void Clear() => (Row, Scope, Answer, Older, Younger) = (null!, null, null!, null, null);
}
