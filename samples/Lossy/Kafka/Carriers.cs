using System.Globalization;

namespace Shop.Shipping;

/// <summary>Books a parcel with the carrier for its weight.</summary>
internal sealed class Carriers(TimeProvider time)
{
    public Task<(string Carrier, string TrackingCode)> BookAsync(ParcelReady parcel, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var carrier = parcel.WeightInKilograms > 20 ? "freight" : "post";
        var code = string.Create(CultureInfo.InvariantCulture, $"{carrier[0]}{time.GetUtcNow():yyMMdd}-{parcel.OrderId:N}");
        return Task.FromResult((carrier, code));
    }
}
