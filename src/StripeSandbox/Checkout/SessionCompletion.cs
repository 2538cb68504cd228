using System.Text.Json.Nodes;
using StripeSandbox.Protocol;
using StripeSandbox.Resources;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Checkout;

/// <summary>
/// Paying a session: customer, payment method, subscription with its first invoice or a payment intent, and the
/// session complete, all in one transaction. A refused card leaves nothing behind and the session open;
/// a bank account completes the session unpaid until its bank answers (<see cref="DelayedPayment"/>), and a card may first
/// want its owner to confirm (<see cref="Authentication"/>).
/// </summary>
internal static class SessionCompletion
{
    /// <summary>Pays, or asks the buyer to confirm first. The email is what the buyer typed; one that the session already knows wins.</summary>
    /// <exception cref="StripeError">The session is not open (400), does not take such a payment or the card is refused (402).</exception>
    public static JsonObject Pay(Transaction tx, JsonObject open, PaymentEntry entry, string? email)
    {
        if (open.Text("status") != "open")
        {
            throw StripeError.Refused($"This Checkout Session is {open.Text("status")} and can no longer be paid.");
        }

        if (!MethodTypes.Takes(open, entry.Type))
        {
            throw StripeError.Declined($"This checkout takes {string.Join(" and ", open["payment_method_types"]!.AsArray())}, not {entry.Type}.", "payment_method_not_available", null);
        }

        entry.Authorize();

        var session = tx.Edit(open);
        var method = tx.Add(PaymentMethods.New(tx, entry, KnownEmail(tx, session) ?? email));
        if (!entry.AsksForAuthentication)
        {
            return Complete(tx, session, method);
        }

        Authentication.Ask(tx, session, method);
        return session;
    }

    /// <summary>For a session and a payment method that are being edited: whose it is stands in its billing details.</summary>
    public static JsonObject Complete(Transaction tx, JsonObject session, JsonObject method)
    {
        var (email, name) = (method.Object("billing_details").TextOrNull("email"), method.Object("billing_details").TextOrNull("name"));
        SessionDiscount.Redeem(tx, session);
        var isSubscription = session.Text("mode") == "subscription";
        var customer = FindOrMakeCustomer(tx, session, email, name);
        if (customer is not null && (isSubscription || session["_payment_intent_data"]?["setup_future_usage"] is not null))
        {
            Attach(tx, method, customer, session.Text("currency"), name);
        }

        if (isSubscription)
        {
            SessionPurchase.Subscribe(tx, session, customer!, method);
        }
        else
        {
            SessionPurchase.Buy(tx, session, customer, method);
        }

        return Finish(tx, session, customer, email, name);
    }

    /// <summary>Whether nothing has to be typed but an address: a single payment of zero.</summary>
    public static bool IsFree(JsonObject session) => session.Text("mode") == "payment" && session.Number("amount_total") == 0;

    /// <summary>Completes a session that <see cref="IsFree"/>.</summary>
    public static JsonObject Take(Transaction tx, JsonObject open, string? email, string? name)
    {
        var session = tx.Edit(open);
        SessionDiscount.Redeem(tx, session);
        email = KnownEmail(tx, session) ?? email;
        return Finish(tx, session, FindOrMakeCustomer(tx, session, email, name), email, name);
    }

    private static JsonObject Finish(Transaction tx, JsonObject session, JsonObject? customer, string? email, string? name)
    {
        Authentication.Forget(session);
        session["customer"] = customer?.Id();
        session["customer_details"] = SessionCreation.CustomerDetails(email, name ?? customer?.TextOrNull("name"));
        session["payment_status"] = session.Number("amount_total") == 0 ? "no_payment_required" : DelayedPayment.IsUnderWay(session) ? "unpaid" : "paid";
        session["status"] = "complete";
        tx.Emit("checkout.session.completed", session);
        return session;
    }

    /// <summary>The address that the session or its customer already has: the page shows it locked.</summary>
    public static string? KnownEmail(Transaction tx, JsonObject session) =>
        session.TextOrNull("customer") is { } id ? tx.Find(Customers.Type, id)?.TextOrNull("email") : session.TextOrNull("customer_email");

    private static JsonObject? FindOrMakeCustomer(Transaction tx, JsonObject session, string? email, string? name)
    {
        if (session.TextOrNull("customer") is { } id)
        {
            var customer = tx.Get(Customers.Type, id);
            return customer.Flag("deleted") ? throw StripeError.Refused("The customer of this Checkout Session was deleted.") : customer;
        }
        var needed = session.Text("mode") == "subscription" || session.TextOrNull("customer_creation") == "always";
        return needed ? Customers.Add(tx, email, name) : null;
    }

    private static void Attach(Transaction tx, JsonObject method, JsonObject customer, string currency, string? name)
    {
        method["customer"] = customer.Id();
        tx.Emit("payment_method.attached", method);
        tx.Change("customer.updated", customer, edited =>
        {
            edited["currency"] ??= currency;
            edited["name"] ??= name;
        });
    }
}
