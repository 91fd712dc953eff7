using System.Data.Common;

namespace Reliability;

/// <summary>Tells by a handler's exception what follows from it.</summary>
internal static class FailureRules
{
    /// <summary>How often a run may be undone for reasons that are not the message's before it counts all the same.</summary>
    public const int MostUndone = 5;

    /// <summary>The handler's own word first, then the options'; the most derived type wins.</summary>
    public static FailureAction ActionOn(HandlerDescriptor handler, Exception error, FailureOptions options)
    {
        var cause = error is AggregateException { InnerExceptions.Count: 1 } aggregate ? aggregate.InnerExceptions[0] : error;
        for (var type = cause.GetType(); type is not null; type = type.BaseType)
        {
            if (handler.DeadLetterOn.Contains(type))
            {
                return FailureAction.DeadLetter;
            }

            if (handler.StopOn.Contains(type))
            {
                return FailureAction.Stop;
            }
        }

        return options.Find(cause.GetType()) ?? FailureAction.Retry;
    }

    /// <summary>
    /// True where the database undid the transaction for the sake of another one: a deadlock, or a serialization failure (SQLSTATE class 40). Which of
    /// the two it chose says nothing about the message, so the run is repeated and not counted.
    /// </summary>
    public static bool IsVictim(Exception? error)
    {
        for (var current = error; current is not null; current = current.InnerException)
        {
            if (current is DbException { SqlState: "40001" or "40P01" })
            {
                return true;
            }
        }

        return false;
    }
}
