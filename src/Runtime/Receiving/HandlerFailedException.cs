namespace Reliability;

/// <summary>Carries what a handler threw past the code around it, so that it is not taken for trouble with the store.</summary>
#pragma warning disable CA1032, CA1064 // Never leaves this assembly.
internal sealed class HandlerFailedException(Exception cause) : Exception(cause.Message, cause)
{
    public Exception Cause { get; } = cause;
}
