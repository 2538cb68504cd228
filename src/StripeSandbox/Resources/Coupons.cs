using System.Globalization;
using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Protocol;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Resources;

/// <summary>
/// Coupons: a part or an amount off the first invoice that is not zero, or off one payment. Those that last longer are refused by name,
/// since prorations would have to follow them.
/// </summary>
internal static class Coupons
{
    public const string Type = "coupon";

    public static void Map(Operations operations) => operations
        .Post("/v1/coupons", Create)
        .Get("/v1/coupons", call => call.Page(call.Tx.NewestFirst(Type).WhereCreated(call.Params)))
        .Get("/v1/coupons/{coupon}", call => call.Subject(Type, "coupon"))
        .Delete("/v1/coupons/{coupon}", Delete);

    /// <summary>Whether it may still be redeemed, as <c>valid</c> says.</summary>
    public static bool IsValid(JsonObject coupon, long now) =>
        (coupon.NumberOrNull("redeem_by") is not { } end || now < end)
        && (coupon.NumberOrNull("max_redemptions") is not { } most || coupon.Number("times_redeemed") < most);

    private static JsonObject Create(Call call)
    {
        var p = call.Params;
        p.RefuseNotEmulated("applies_to", "currency_options", "duration_in_months");
        if (p.OneOf("duration", "forever", "once", "repeating") is { } duration and not "once")
        {
            throw StripeError.NotEmulated($"duration={duration}");
        }

        p.Exclusive("percent_off", "amount_off");
        var (percent, amount) = (ReadPercent(p), p.Integer("amount_off", 1, Money.MaxAmount));
        if (percent is null && amount is null)
        {
            throw StripeError.BadParameter("You must pass either `percent_off` or `amount_off`.", "percent_off", "parameter_missing");
        }

        var id = p.NonEmpty("id", 200) ?? Ids.New("", 8);
        if (call.Tx.Exists(id))
        {
            throw StripeError.Refused("Coupon already exists.", "resource_already_exists", "id");
        }

        var coupon = call.Tx.Add(new JsonObject
        {
            ["id"] = id,
            ["object"] = Type,
            ["amount_off"] = amount,
            ["created"] = call.Now,
            ["currency"] = amount is null ? null : Money.ReadCurrency(p, "currency"),
            ["duration"] = "once",
            ["livemode"] = false,
            ["max_redemptions"] = p.Integer("max_redemptions", 1),
            ["metadata"] = p.NewMetadata(),
            ["name"] = p.Text("name", 40),
            ["percent_off"] = percent,
            ["redeem_by"] = p.Time("redeem_by"),
            ["times_redeemed"] = 0L,
            ["valid"] = true,
        }.WithNulls("duration_in_months"));
        call.Tx.Emit("coupon.created", coupon);
        return coupon;
    }

    private static JsonObject Delete(Call call)
    {
        var coupon = call.Subject(Type, "coupon");
        call.Tx.Emit("coupon.deleted", coupon);
        call.Tx.Remove(coupon.Id());
        return new JsonObject { ["id"] = coupon.Id(), ["object"] = Type, ["deleted"] = true };
    }

    private static decimal? ReadPercent(Params p) => p.NonEmpty("percent_off", 10) is not { } text ? null
        : decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent is > 0 and <= 100 ? percent
        : throw StripeError.BadParameter("Invalid percent_off: must be greater than 0 and at most 100", "percent_off");
}
