using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Resources;
using StripeSandbox.State;

namespace StripeSandbox.Checkout;

/// <summary>What paying a session makes: a subscription with its first invoice, or a payment intent.</summary>
internal static class SessionPurchase
{
    public static void Subscribe(Transaction tx, JsonObject session, JsonObject customer, JsonObject method)
    {
        var data = session.Object("_subscription_data");
        var bought = session.Elements("_line_items").Select(item => (Price: tx.Get(Prices.Type, item.Text("price")), Quantity: item.Number("quantity"))).ToArray();
        var (subscription, invoice) = SubscriptionStart.Begin(tx, new SubscriptionOrder(customer.Id(), method, session.Text("currency"))
        {
            Recurring = [.. bought.Where(item => item.Price["recurring"] is not null)],
            OneTime = [.. bought.Where(item => item.Price["recurring"] is null)],
            Metadata = data.Object("metadata"),
            Description = data.TextOrNull("description"),
            BillingMode = data.Text("billing_mode"),
            TrialEnd = data.NumberOrNull("trial_end") ?? tx.Now + data.NumberOrNull("trial_period_days") * Trial.DaySeconds,
            Coupon = SessionDiscount.CouponOf(session),
            PromotionCodeId = SessionDiscount.PromotionCodeOf(session),
            IntentId = session.TextOrNull("_intent"),
            TrialEndBehavior = data.TextOrNull("trial_end_behavior") ?? "create_invoice",
        });
        session["subscription"] = subscription.Id();
        session["invoice"] = invoice.Id();
        if (Collection.IsUnderWay(invoice))
        {
            DelayedPayment.Follow(session, InvoicePayments.IntentOf(tx, invoice));
        }
    }

    public static void Buy(Transaction tx, JsonObject session, JsonObject? customer, JsonObject method)
    {
        if (session.Number("amount_total") == 0)
        {
            return;
        }

        var intent = Payment.Take(tx, OrderOf(session, customer?.Id()), method);
        session["payment_intent"] = intent.Id();
        if (Payment.IsUnderWay(intent))
        {
            DelayedPayment.Follow(session, intent.Id());
        }
    }

    /// <summary>What is charged for the session today.</summary>
    public static PaymentOrder OrderOf(JsonObject session, string? customerId)
    {
        var order = new PaymentOrder(session.Number("amount_total"), session.Text("currency")) { CustomerId = customerId, IntentId = session.TextOrNull("_intent") };
        if (session["_payment_intent_data"] is not JsonObject data)
        {
            return order with { Description = SubscriptionStart.PaymentDescription, SetupFutureUsage = "off_session" };
        }

        return order with
        {
            Description = data.TextOrNull("description"),
            ReceiptEmail = data.TextOrNull("receipt_email"),
            SetupFutureUsage = data.TextOrNull("setup_future_usage"),
            Metadata = data.Object("metadata"),
            MethodTypes = session["payment_method_types"]!.AsArray().Select(type => type!.GetValue<string>()),
        };
    }
}
