using System.Globalization;
using System.Text.Json.Nodes;
using StripeSandbox.State;

namespace StripeSandbox.Billing;

/// <summary>
/// What a coupon takes off amounts, in minor units: of their sum, rounded half away from zero and never more than it, and then
/// shared out so that the shares add up to it, the largest remainders first.
/// </summary>
internal static class DiscountShares
{
    /// <param name="amounts">At least 0 each.</param>
    public static long[] Of(JsonObject coupon, string currency, IReadOnlyList<long> amounts)
    {
        var sum = amounts.Sum();
        var off = Math.Min(sum, coupon.NumberOrNull("amount_off") is not { } amount
            ? (long)Math.Round(sum * Percent(coupon) / 100, MidpointRounding.AwayFromZero)
            : coupon.Text("currency") == currency ? amount : 0);
        if (off == 0)
        {
            return new long[amounts.Count];
        }

        var shares = amounts.Select(each => (long)((decimal)each * off / sum)).ToArray();
        var remainders = amounts.Select((each, i) => (Remainder: (decimal)each * off / sum - shares[i], Index: i));
        foreach (var (_, index) in remainders.OrderByDescending(share => share.Remainder).Take((int)(off - shares.Sum())))
        {
            shares[index]++;
        }

        return shares;
    }

    /// <summary>As <c>25% off</c> or <c>$5.00 off</c>.</summary>
    public static string Describe(JsonObject coupon) => coupon.NumberOrNull("amount_off") is { } amount
        ? $"{Money.Display(amount, coupon.Text("currency"))} off"
        : string.Create(CultureInfo.InvariantCulture, $"{Percent(coupon):0.##}% off");

    private static decimal Percent(JsonObject coupon) => coupon["percent_off"]!.GetValue<decimal>();
}
