using System.Text.Json.Nodes;
using StripeSandbox.Protocol;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Resources;

/// <summary>Promotion codes: what a buyer types to get a coupon. Capital letters or not makes no difference.</summary>
internal static class PromotionCodes
{
    public const string Type = "promotion_code";

    public static void Map(Operations operations) => operations
        .Post("/v1/promotion_codes", Create)
        .Get("/v1/promotion_codes", List)
        .Get("/v1/promotion_codes/{promotion_code}", call => call.Subject(Type, "promotion_code"));

    /// <summary>The code as typed, if it may be redeemed now by the customer (null: one who is not known yet); else null.</summary>
    public static JsonObject? Find(Transaction tx, string typed, string? customer) =>
        tx.NewestFirst(Type).FirstOrDefault(code => IsCode(code, typed) && IsRedeemable(tx, code, customer));

    public static bool IsRedeemable(Transaction tx, JsonObject code, string? customer) => code.Flag("active")
        && (code.NumberOrNull("expires_at") is not { } end || tx.Now < end)
        && (code.NumberOrNull("max_redemptions") is not { } most || code.Number("times_redeemed") < most)
        && (code.TextOrNull("customer") is not { } owner || owner == customer)
        && tx.Find(Coupons.Type, CouponOf(code)) is { } coupon && Coupons.IsValid(coupon, tx.Now);

    public static string CouponOf(JsonObject code) => code.Object("promotion").Text("coupon");

    private static bool IsCode(JsonObject code, string typed) => code.Text("code").Equals(typed, StringComparison.OrdinalIgnoreCase);

    private static JsonObject Create(Call call)
    {
        var p = call.Params;
        p.RefuseNotEmulated("customer_account", "restrictions");
        var promotion = p.Object("promotion") ?? throw p.Missing("promotion");
        promotion.OneOf("type", "coupon");
        var coupon = call.Named(promotion, Coupons.Type, "coupon") ?? throw promotion.Missing("coupon");
        var code = p.NonEmpty("code", 500) ?? Ids.New("", 8).ToUpperInvariant();
        var active = p.Flag("active") ?? true;
        if (active && call.Tx.NewestFirst(Type).Any(other => other.Flag("active") && IsCode(other, code)))
        {
            throw StripeError.Refused($"An active promotion code with `code: {code}` already exists.", "resource_already_exists", "code");
        }

        var made = call.Tx.Add(new JsonObject
        {
            ["id"] = Ids.New("promo_1", 23),
            ["object"] = Type,
            ["active"] = active,
            ["code"] = code,
            ["created"] = call.Now,
            ["customer"] = call.Named(Customers.Type, "customer")?.Id(),
            ["expires_at"] = p.Time("expires_at"),
            ["livemode"] = false,
            ["max_redemptions"] = p.Integer("max_redemptions", 1),
            ["metadata"] = p.NewMetadata(),
            ["promotion"] = new JsonObject { ["coupon"] = coupon.Id(), ["type"] = "coupon" },
            ["restrictions"] = new JsonObject { ["first_time_transaction"] = false }.WithNulls("minimum_amount", "minimum_amount_currency"),
            ["times_redeemed"] = 0L,
        }.WithNulls("customer_account"));
        call.Tx.Emit("promotion_code.created", made);
        return made;
    }

    private static JsonObject List(Call call)
    {
        var p = call.Params;
        p.RefuseNotEmulated("customer_account");
        var (code, coupon) = (p.Text("code"), p.Text("coupon"));
        return call.Page(call.Tx.NewestFirst(Type).Where("active", p.Flag("active")).Where("customer", p.Text("customer"))
            .Where(json => code is null || IsCode(json, code)).Where(json => coupon is null || CouponOf(json) == coupon).WhereCreated(p));
    }
}
