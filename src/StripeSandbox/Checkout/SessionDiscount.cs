using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Protocol;
using StripeSandbox.Resources;
using StripeSandbox.State;

namespace StripeSandbox.Checkout;

/// <summary>The coupon of a session: given by the shop with <c>discounts</c>, or by a promotion code that the buyer types.</summary>
internal static class SessionDiscount
{
    private const string Kept = "_coupon";

    /// <summary>From the parameters of a new session.</summary>
    public static void Read(Call call, JsonObject session)
    {
        if (call.Params.Objects("discounts") is not [var p, ..])
        {
            return;
        }

        if (call.Params.Objects("discounts").Count > 1)
        {
            throw StripeError.BadParameter("You may only specify one discount.", "discounts");
        }

        p.Exclusive("coupon", "promotion_code");
        var code = call.Named(p, PromotionCodes.Type, "promotion_code");
        var coupon = code is null ? call.Named(p, Coupons.Type, "coupon") ?? throw p.Missing("coupon") : call.Tx.Find(Coupons.Type, PromotionCodes.CouponOf(code));
        if (coupon is null || !Coupons.IsValid(coupon, call.Now) || (code is not null && !PromotionCodes.IsRedeemable(call.Tx, code, session.TextOrNull("customer"))))
        {
            throw StripeError.Refused("This coupon or promotion code can no longer be redeemed.", "coupon_expired", p.PathOf(code is null ? "coupon" : "promotion_code"));
        }

        Set(session, coupon, code?.Id());
    }

    /// <summary>The buyer types a code, or, with an empty one, takes back what they typed.</summary>
    /// <exception cref="StripeError">400: there is no such code, or it does not fit the session.</exception>
    public static void Enter(Transaction tx, JsonObject open, string? typed)
    {
        if (!open.Flag("allow_promotion_codes"))
        {
            throw Invalid("This checkout takes no promotion codes.");
        }

        var session = tx.Edit(open);
        Authentication.Withdraw(tx, session);
        if (string.IsNullOrWhiteSpace(typed))
        {
            Set(session, null, null);
            return;
        }

        var code = PromotionCodes.Find(tx, typed.Trim(), session.TextOrNull("customer")) ?? throw Invalid("This code is invalid.");
        Set(session, tx.Get(Coupons.Type, PromotionCodes.CouponOf(code)), code.Id());
    }

    /// <summary>What is taken off, as it was when it was entered; null: nothing.</summary>
    public static JsonObject? CouponOf(JsonObject session) => session[Kept] as JsonObject;

    public static string? PromotionCodeOf(JsonObject session) => (session["discounts"] as JsonArray)?[0]?["promotion_code"]?.GetValue<string>();

    /// <summary>The session is about to complete: the coupon and its code count it.</summary>
    /// <exception cref="StripeError">400: others have used it up since it was entered, or it has ended.</exception>
    public static void Redeem(Transaction tx, JsonObject session)
    {
        if (CouponOf(session) is not { } kept)
        {
            return;
        }

        var code = PromotionCodeOf(session) is { } id ? tx.Edit(tx.Get(PromotionCodes.Type, id)) : null;
        if (tx.Find(Coupons.Type, kept.Id()) is not { } found || !Coupons.IsValid(found, tx.Now)
            || (code is not null && !PromotionCodes.IsRedeemable(tx, code, session.TextOrNull("customer"))))
        {
            throw Invalid("This code can no longer be redeemed. You have not been charged.");
        }

        var coupon = Count(tx.Edit(found));
        coupon["valid"] = Coupons.IsValid(coupon, tx.Now);
        if (code is not null)
        {
            Count(code);
        }
    }

    private static JsonObject Count(JsonObject redeemed)
    {
        redeemed["times_redeemed"] = redeemed.Number("times_redeemed") + 1;
        return redeemed;
    }

    private static void Set(JsonObject session, JsonObject? coupon, string? promotionCode)
    {
        var items = session.Elements("_line_items").ToArray();
        var amounts = items.Select(item => item.Number("amount_subtotal")).ToArray();
        if (coupon?.TextOrNull("currency") is { } currency && currency != session.Text("currency"))
        {
            throw Invalid($"This code takes {currency.ToUpperInvariant()} off, and this checkout is in {session.Text("currency").ToUpperInvariant()}.");
        }

        var shares = coupon is null ? new long[amounts.Length] : DiscountShares.Of(coupon, session.Text("currency"), amounts);
        var total = amounts.Sum() - shares.Sum();
        if (session.Text("mode") == "payment" && total is > 0 and < Money.MinCharge && Money.HasCents(session.Text("currency")))
        {
            throw Invalid($"With this code the total would be less than {Money.Display(Money.MinCharge, session.Text("currency"))}, the least that can be charged.");
        }

        foreach (var (item, share) in items.Zip(shares))
        {
            (item["amount_discount"], item["amount_total"]) = (share, item.Number("amount_subtotal") - share);
        }

        session["amount_total"] = total;
        session["payment_status"] = total == 0 ? "no_payment_required" : "unpaid";
        session.Object("total_details")["amount_discount"] = shares.Sum();
        session["discounts"] = coupon is null ? null : new JsonArray(new JsonObject { ["coupon"] = coupon.Id(), ["promotion_code"] = promotionCode });
        session[Kept] = coupon?.Clone();
    }

    private static StripeError Invalid(string message) => StripeError.Refused(message, "promotion_code_invalid", "promotion_code");
}
