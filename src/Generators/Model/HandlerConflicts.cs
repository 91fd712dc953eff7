using Microsoft.CodeAnalysis;

namespace Reliability.Generators.Model;

/// <summary>Two handlers that cannot both be there.</summary>
/// <param name="Handler">The one.</param>
/// <param name="Other">The other; the same where one method has two attributes for one queue.</param>
/// <param name="Rule">Why not.</param>
/// <param name="Arguments">Of the rule's message.</param>
internal sealed record HandlerConflict(HandlerModel Handler, HandlerModel Other, DiagnosticDescriptor Rule, object[] Arguments);

/// <summary>Finds handlers that share a name, or the messages of a queue.</summary>
internal static class HandlerConflicts
{
    public static IEnumerable<HandlerConflict> Find(IReadOnlyList<HandlerModel> handlers)
    {
        var claims = handlers.SelectMany(handler => handler.Subscriptions, (handler, subscription) => (Handler: handler, Subscription: subscription)).ToList();
        foreach (var named in claims.GroupBy(claim => claim.Subscription.Name))
        {
            var first = named.First().Handler;
            foreach (var other in named.Select(claim => claim.Handler).Where(handler => handler.Signature != first.Signature).Distinct())
            {
                yield return new HandlerConflict(first, other, HandlerRules.DuplicateName, [first.DisplayName, other.DisplayName, named.Key]);
            }
        }

        foreach (var conflict in FindFormerNames(claims))
        {
            yield return conflict;
        }

        foreach (var claimed in claims.GroupBy(claim => (claim.Subscription.Transport, claim.Subscription.Source, claim.Handler.Message.Name)))
        {
            var first = claimed.First().Handler;
            foreach (var (other, subscription) in claimed.Skip(1))
            {
                var source = (subscription.Transport == "Kafka" ? "topic" : "queue");
                yield return new HandlerConflict(first, other, HandlerRules.HandledTwice,
                    [other.Message.Name, source, subscription.Source, first.DisplayName, other.DisplayName]);
            }
        }
    }

    /// <summary>Former names that still belong to someone: to the handler itself, or to another, now or before.</summary>
    private static IEnumerable<HandlerConflict> FindFormerNames(List<(HandlerModel Handler, SubscriptionModel Subscription)> claims)
    {
        var said = new HashSet<(string, string)>();
        foreach (var (handler, subscription) in claims)
        {
            foreach (var former in subscription.Settings.FormerNames)
            {
                foreach (var (other, theirs) in claims)
                {
                    var use = theirs.Name == former ? theirs.Name == subscription.Name ? "its present name" : $"the name of '{other.DisplayName}'"
                        : theirs.Name != subscription.Name && theirs.Settings.FormerNames.Contains(former) ? $"a former name of '{other.DisplayName}' too"
                        : null;
                    if (use is not null && said.Add((handler.Signature, former)))
                    {
                        yield return new HandlerConflict(handler, other, HandlerRules.FormerNameInUse, [former, handler.DisplayName, use]);
                        break;
                    }
                }
            }
        }
    }

    /// <summary>The handlers that are in no conflict.</summary>
    public static IReadOnlyList<HandlerModel> Without(IReadOnlyList<HandlerModel> handlers)
    {
        var conflicting = new HashSet<string>(Find(handlers).SelectMany(conflict => new[] { conflict.Handler.Signature, conflict.Other.Signature }));
        return [.. handlers.Where(handler => !conflicting.Contains(handler.Signature))];
    }
}
