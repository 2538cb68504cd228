using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Resources;
using StripeSandbox.State;
using static StripeSandbox.Pages.HostedPage;

namespace StripeSandbox.Checkout;

/// <summary>What is bought and what it costs, as the page shows it.</summary>
internal static class OrderSummary
{
    public static string Html(Transaction tx, JsonObject session) => $"""
        <h1>{E(Title(tx, session))}</h1>
        {Headline(tx, session)}
        {Lines(tx, session)}
        """;

    /// <summary>The lines and their sums.</summary>
    public static string Lines(Transaction tx, JsonObject session, string? total = null)
    {
        var currency = session.Text("currency");
        return $"""
            <ul class="lines">{string.Concat(session.Elements("_line_items").Select(item => Line(tx, item)))}</ul>
            <dl class="facts">
              {Fact("Subtotal", E(Money.Display(session.Number("amount_subtotal"), currency)))}
              {(SessionDiscount.CouponOf(session) is { } coupon
                  ? Fact($"Discount <span class=\"muted\">({E(DiscountName(tx, session, coupon))})</span>", E(Money.Display(-session.Object("total_details").Number("amount_discount"), currency))) : "")}
              <div class="sum"><dt>{total ?? (session.Text("mode") == "payment" ? "Total due" : "Total due today")}</dt><dd>{E(Money.Display(session.Number("amount_total"), currency))}{Code(session)}</dd></div>
            </dl>
            """;
    }

    private static string DiscountName(Transaction tx, JsonObject session, JsonObject coupon) =>
        (SessionDiscount.PromotionCodeOf(session) is { } code ? tx.Get(PromotionCodes.Type, code).Text("code") : coupon.TextOrNull("name") ?? coupon.Id())
        + $": {DiscountShares.Describe(coupon)}";

    // A symbol alone leaves open whose dollars they are.
    private static string Code(JsonObject session) => session.Text("currency").ToUpperInvariant() is var code && Money.Display(0, session.Text("currency")).StartsWith(code, StringComparison.Ordinal)
        ? "" : $""" <span class="muted small">{E(code)}</span>""";

    private static string Fact(string name, string value) => $"<div><dt>{name}</dt><dd>{value}</dd></div>";

    private static string Title(Transaction tx, JsonObject session)
    {
        if (session.Text("mode") != "subscription")
        {
            return $"Pay {new Uri(SuccessUrl.Of(session)).IdnHost}";
        }

        var names = session.Elements("_line_items").Where(item => PriceOf(tx, item)["recurring"] is not null).Select(item => item.TextOrNull("description"));
        return $"Subscribe to {string.Join(" and ", names)}";
    }

    private static string Headline(Transaction tx, JsonObject session)
    {
        if (TrialText.Of(tx, session) is { } trial)
        {
            return $"""<p><strong>{E(trial)}</strong></p>""";
        }

        var total = Money.Display(session.Number("amount_total"), session.Text("currency"));
        var later = RecurringText.Of(tx, session);
        return later is null || later.StartsWith(total + " ", StringComparison.Ordinal)
            ? $"""<p class="total"><strong>{E(total)}</strong>{(later is null ? "" : $""" <span class="per">{E(later[total.Length..].Trim())}</span>""")}</p>"""
            : $"""<p class="total"><strong>{E(total)}</strong> <span class="per">due today, then {E(later)}</span></p>""";
    }

    private static string Line(Transaction tx, JsonObject item)
    {
        var (price, quantity, currency) = (PriceOf(tx, item), item.Number("quantity"), item.Text("currency"));
        var each = Money.Display(price.Number("unit_amount"), currency);
        var amount = price.Number("unit_amount") * quantity;
        string?[] details = [quantity > 1 ? $"{quantity} × {each}" : null, PriceText.Billed(price), amount > item.Number("amount_subtotal") ? "free during the trial" : null];
        return $"""
            <li><span>{E(item.TextOrNull("description"))}<span class="muted">{E(string.Join(" · ", details.OfType<string>()))}</span></span>
            <span class="amount">{E(Money.Display(amount, currency))}</span></li>
            """;
    }

    private static JsonObject PriceOf(Transaction tx, JsonObject item) => tx.Get(Prices.Type, item.Text("price"));
}
