namespace Reliability.Conformance;

/// <summary>Routes that lead nowhere: the message has failed, and is not gone with a confirm.</summary>
public abstract class TransportRoutingConformance(IRoutedTransportPlace place) : TransportConformance(place)
{
    [Fact]
    public async Task A_route_to_nowhere_fails_and_says_which()
    {
        await PublishAsync(Message("warm"));

        var outcome = await TryPublishAsync(Message("lost"), place.RouteToNowhere);

        Assert.Equal(PublishStatus.Failed, outcome.Status);
        Assert.Contains(place.RouteToNowhere, outcome.Reason);
    }

    [Fact]
    public async Task A_route_to_nowhere_harms_nobody_else()
    {
        await PublishAsync(Message("warm"));

        var outcomes = await Task.WhenAll(Numbered(200).Select(async id =>
            (Id: id, Outcome: await TryPublishAsync(Message(id), id.EndsWith('7') ? place.RouteToNowhere : null))));

        Assert.All(outcomes, entry => Assert.Equal(entry.Id.EndsWith('7') ? PublishStatus.Failed : PublishStatus.Confirmed, entry.Outcome.Status));
    }
}
