using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Protocol;
using StripeSandbox.Resources;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Checkout;

/// <summary>
/// 3-D Secure: between the form and the payment the buyer's bank wants to hear that it is them. Meanwhile the session is
/// open and its payment intent <c>requires_action</c>; with nothing to charge there is no intent. All attempts of a session
/// share one intent, which goes away with the session.
/// </summary>
internal static class Authentication
{
    // The payment method that waits.
    private const string Awaited = "_authenticates";

    public static bool IsAwaited(JsonObject session) => session.Text("status") == "open" && session[Awaited] is not null;

    public static JsonObject Method(Transaction tx, JsonObject session) => tx.Get(PaymentMethods.Type, session.Text(Awaited));

    /// <summary>For a session that is being edited, with what it is to be paid with.</summary>
    public static void Ask(Transaction tx, JsonObject session, JsonObject method)
    {
        session[Awaited] = method.Id();
        if (session.Number("amount_total") == 0)
        {
            return;
        }

        var intent = Payment.Begin(tx, SessionPurchase.OrderOf(session, session.TextOrNull("customer")));
        intent["_session"] = session.Id();
        session["_intent"] = intent.Id();
        if (session.Text("mode") == "payment")
        {
            session["payment_intent"] = intent.Id();
        }

        Payment.Ask(tx, intent, method);
    }

    /// <summary>The buyer has confirmed: the payment goes on.</summary>
    /// <exception cref="StripeError">402: it is declined all the same.</exception>
    public static JsonObject Complete(Transaction tx, JsonObject open)
    {
        var session = tx.Edit(open);
        var method = tx.Edit(Method(tx, session));
        if (IntentOf(tx, session) is { } intent)
        {
            Payment.Confirm(tx, intent);
        }

        return SessionCompletion.Complete(tx, session, method);
    }

    /// <summary>The buyer has not confirmed, or the payment was declined afterwards: the session waits for another attempt.</summary>
    public static void Fail(Transaction tx, JsonObject open, Refusal refusal)
    {
        var session = tx.Edit(open);
        var method = Method(tx, session);
        session.Remove(Awaited);
        if (IntentOf(tx, session) is { } intent)
        {
            Payment.Fail(tx, intent, method, refusal);
        }
    }

    /// <summary>What was to be confirmed has changed: it has to be sent again.</summary>
    public static void Withdraw(Transaction tx, JsonObject session)
    {
        if (session.Remove(Awaited) && IntentOf(tx, session) is { } intent)
        {
            var edited = tx.Edit(intent);
            (edited["status"], edited["payment_method"]) = ("requires_payment_method", null);
        }
    }

    /// <summary>The session is paid: nothing is waited for.</summary>
    public static void Forget(JsonObject session) => session.Remove(Awaited);

    /// <summary>The session expires: nobody can pay its intent.</summary>
    public static void Abandon(Transaction tx, JsonObject session)
    {
        session.Remove(Awaited);
        if (IntentOf(tx, session) is { } intent)
        {
            var edited = tx.Edit(intent);
            (edited["status"], edited["canceled_at"], edited["cancellation_reason"]) = ("canceled", tx.Now, "expired");
            tx.Emit("payment_intent.canceled", edited);
        }
    }

    private static JsonObject? IntentOf(Transaction tx, JsonObject session) =>
        session.TextOrNull("_intent") is { } id ? tx.Get(PaymentIntents.Type, id) : null;
}
