using System.Globalization;
using Reliability.Connections;
using Reliability.Messages;

namespace Reliability.DeadLetters;

/// <summary>A filter as a WHERE clause that holds only what is asked for, and its values.</summary>
internal sealed class DeadLetterQuery
{
    private readonly List<string> _conditions = [];
    private readonly List<object?> _values;

    /// <param name="filter">The filter.</param>
    /// <param name="before">The values of the parameters that the statement has of its own: <c>@p1</c> and on.</param>
    public DeadLetterQuery(DeadLetterFilter filter, params object?[] before)
    {
        _values = [.. before];
        if (filter.Ids is { } ids)
            Require("id IN (SELECT value FROM json_each({0}))", (object)$"[{string.Join(',', ids.Select(id => id.ToString(CultureInfo.InvariantCulture)))}]");

        if (filter.IsOutgoing is { } outgoing)
            Require("outgoing = {0}", outgoing);

        Require("handler", filter.Handler);
        Require("source", filter.Source);
        Require("reason", filter.Reason?.ToString());
        Require("message_id", filter.MessageId);
        Require("message_name", filter.MessageName);
        if (filter.From is { } from)
            Require("at >= {0}", StoreClock.Ceiling(from));

        if (filter.Until is { } until)
            Require("at < {0}", StoreClock.Ceiling(until));
    }

    /// <summary>The conditions, each with AND before it.</summary>
    public string Conditions => string.Concat(_conditions);

    public object?[] Values => [.. _values];

    private void Require(string column, string? text)
    {
        if (text is not null)
            Require(column + " = CAST({0} AS TEXT)", (object)Text.Bytes(text)!);
    }

    private void Require(string condition, object value)
    {
        _values.Add(value);
        _conditions.Add(" AND " + condition.Replace("{0}", "@p" + _values.Count.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
    }
}
