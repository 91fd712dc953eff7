namespace Reliability;

/// <summary>Carries what a handler threw past the code around it, so that it is not taken for trouble with the store.</summary>
#pragma warning disable CA1032, CA1064 // Never leaves this assembly.
internal sealed class HandlerFailedException(ReceivedMessage message, Exception cause, bool connectionLost) : Exception(cause.Message, cause)
{
    public ReceivedMessage Failed { get; } = message;

    public Exception Cause { get; } = cause;

    /// <summary>True where the transaction's connection was gone when the handler threw.</summary>
    public bool ConnectionLost { get; } = connectionLost;
}

/// <summary>Commands that the handlers of a group had added failed. Whose they were shows once each message runs by itself.</summary>
internal sealed class BatchFailedException(Exception cause) : Exception(cause.Message, cause);

/// <summary>A handler met what every message would meet: the source stops, nothing of the group is kept, nothing is counted.</summary>
internal sealed class SourceStopException(ReceivedMessage message, Exception cause) : Exception(cause.Message, cause)
{
    public ReceivedMessage At { get; } = message;

    public Exception Cause { get; } = cause;
}
