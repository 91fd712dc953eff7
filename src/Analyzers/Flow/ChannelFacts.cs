using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Operations;
using Reliability.Analyzers.Clients;

namespace Reliability.Analyzers.Flow;

/// <summary>What is known of a channel in its owner: the body of a local, the type of a field or property.</summary>
/// <param name="IsKnown">False where the channel, or something done to it, is out of view.</param>
/// <param name="Creations">The calls that create it.</param>
/// <param name="Calls">What is called on it anywhere.</param>
/// <param name="Events">The names of its events that somebody listens to.</param>
internal sealed record ChannelFacts(
    bool IsKnown, ImmutableArray<IInvocationOperation> Creations, ImmutableArray<(ChannelVerb Verb, IInvocationOperation Call)> Calls, ImmutableHashSet<string> Events)
{
    public static readonly ChannelFacts Unknown = new(
        false, ImmutableArray<IInvocationOperation>.Empty, ImmutableArray<(ChannelVerb, IInvocationOperation)>.Empty, ImmutableHashSet<string>.Empty);

    public bool SelectsConfirms => Does(ChannelVerb.SelectConfirms);

    public bool IsTransactional => Does(ChannelVerb.SelectTransactions);

    /// <summary>Whether something is called on the channel anywhere. The order of calls does not matter: what is done at all is taken to be done in time.</summary>
    public bool Does(ChannelVerb verb) => Calls.Any(call => call.Verb == verb);
}
