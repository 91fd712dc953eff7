namespace Reliability;

/// <summary>A handler took longer than it may. Its token was cancelled, its changes are rolled back, and the attempt counts as failed.</summary>
public sealed class HandlerTimeoutException : Exception
{
    /// <summary>Says which handler, and how long it may take.</summary>
    public HandlerTimeoutException(string message)
        : base(message)
    {
    }

    /// <summary>Says which handler, and how long it may take.</summary>
    public HandlerTimeoutException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A handler took too long.</summary>
    public HandlerTimeoutException()
        : this("The handler took longer than it may.")
    {
    }
}
