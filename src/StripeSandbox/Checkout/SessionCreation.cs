using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Protocol;
using StripeSandbox.Resources;
using StripeSandbox.State;

namespace StripeSandbox.Checkout;

/// <summary>
/// Making a session. It holds the amounts and what is to be made of it; customer, subscription, invoice and payment
/// intent come into being only when it is paid.
/// </summary>
internal static class SessionCreation
{
    private const long ShortestLife = 30 * 60;
    private const long LongestLife = 24 * 60 * 60;

    public static JsonObject Run(Call call)
    {
        var p = call.Params;
        var mode = p.OneOf("mode", "payment", "setup", "subscription") ?? throw p.Missing("mode");
        if (mode == "setup")
        {
            throw StripeError.NotEmulated("mode=setup");
        }

        var isSubscription = mode == "subscription";
        CheckExclusions(p, isSubscription);
        var customer = call.Named(Customers.Type, "customer");
        var items = LineItems.Read(call, isSubscription);
        var total = items.Sum(item => item.Number("amount_total"));
        CheckTotal(isSubscription, total, items[0].Text("currency"));
        var subscriptionData = isSubscription ? SessionData.ReadSubscription(call) : null;
        if (SessionData.HasTrial(subscriptionData))
        {
            LineItems.MakeRecurringFree(call.Tx, items);
            total = items.Sum(item => item.Number("amount_total"));
        }

        var session = new JsonObject
        {
            ["id"] = Ids.New("cs_test_a1", 56),
            ["object"] = CheckoutSessions.Type,
            ["amount_subtotal"] = total,
            ["amount_total"] = total,
            ["cancel_url"] = p.Url("cancel_url"),
            ["client_reference_id"] = p.Text("client_reference_id", 200),
            ["created"] = call.Now,
            ["currency"] = items[0].Text("currency"),
            ["customer"] = customer?.Id(),
            ["customer_creation"] = isSubscription || customer is not null ? null : p.OneOf("customer_creation", "always", "if_required") ?? "if_required",
            ["customer_details"] = customer is null ? null : CustomerDetails(customer.TextOrNull("email"), customer.TextOrNull("name")),
            ["customer_email"] = p.Email("customer_email"),
            ["expires_at"] = ReadExpiry(call),
            ["livemode"] = false,
            ["metadata"] = p.NewMetadata(),
            ["mode"] = mode,
            ["payment_method_types"] = MethodTypes.Read(p, items[0].Text("currency")),
            ["payment_status"] = total == 0 ? "no_payment_required" : "unpaid",
            ["status"] = "open",
            ["success_url"] = p.Url("success_url") ?? throw p.Missing("success_url"),
            ["total_details"] = new JsonObject { ["amount_discount"] = 0L, ["amount_shipping"] = 0L, ["amount_tax"] = 0L },
            ["ui_mode"] = "hosted_page",
            ["_line_items"] = new JsonArray([.. items]),
            ["_subscription_data"] = subscriptionData,
            ["_payment_intent_data"] = isSubscription ? null : SessionData.ReadPaymentIntent(p),
        };
        SessionPresentation.Apply(p, session, isSubscription);
        SessionDiscount.Read(call, session);
        if (SessionData.HasTrial(subscriptionData) && session.Text("payment_method_collection") == "if_required")
        {
            throw StripeError.NotEmulated("payment_method_collection=if_required with a trial");
        }

        return call.Tx.Add(session);
    }

    public static JsonObject CustomerDetails(string? email, string? name) => new JsonObject
    {
        ["address"] = null,
        ["email"] = email,
        ["name"] = name,
        ["tax_exempt"] = "none",
        ["tax_ids"] = new JsonArray(),
    }.WithNulls("business_name", "individual_name", "phone");

    private static void CheckExclusions(Params p, bool isSubscription)
    {
        p.Exclusive("customer", "customer_email");
        p.Exclusive("customer", "customer_creation");
        p.Exclusive("allow_promotion_codes", "discounts");
        if (p.Object("customer_update") is { } update)
        {
            if (!p.Has("customer"))
            {
                throw StripeError.BadParameter("`customer_update` can only be used with `customer`.", "customer_update");
            }

            update.Accept("address", "name", "shipping");
        }
        var wrong = isSubscription ? ["payment_intent_data", "customer_creation", "invoice_creation", "submit_type"] : new[] { "subscription_data" };
        foreach (var name in wrong.Where(p.Has))
        {
            throw StripeError.BadParameter($"You can not pass `{name}` in `{(isSubscription ? "subscription" : "payment")}` mode.", name);
        }
    }

    private static void CheckTotal(bool isSubscription, long total, string currency)
    {
        if (total > Money.MaxAmount)
        {
            throw StripeError.BadParameter($"The Checkout Session's total amount must be no more than {Money.Display(Money.MaxAmount, currency)}.", "line_items", "amount_too_large");
        }

        if (!isSubscription && total is > 0 and < Money.MinCharge && Money.HasCents(currency))
        {
            throw StripeError.BadParameter($"The Checkout Session's total amount due must add up to at least {Money.Display(Money.MinCharge, currency)} {currency}", "line_items", "amount_too_small");
        }
    }

    private static long ReadExpiry(Call call)
    {
        if (call.Params.Time("expires_at") is not { } at)
        {
            return call.Now + LongestLife;
        }

        if (at < call.Now + ShortestLife)
        {
            throw StripeError.BadParameter("The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.", "expires_at");
        }

        if (at > call.Now + LongestLife)
        {
            throw StripeError.BadParameter("The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.", "expires_at");
        }

        return at;
    }
}
