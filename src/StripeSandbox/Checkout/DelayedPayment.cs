using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Resources;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Checkout;

/// <summary>
/// The end of a payment that a bank took days for (FACTS C.3 flow 8): the intent tells first, then the invoice and its
/// subscription if there are any, then the session that began it.
/// </summary>
internal static class DelayedPayment
{
    // A session follows one payment only: what is tried after a failure is no longer its own.
    private const string Awaited = "_awaits";

    public static void Follow(JsonObject session, string intentId) => session[Awaited] = intentId;

    /// <summary>Whether the session is complete and its bank has yet to answer.</summary>
    public static bool IsUnderWay(JsonObject session) => session[Awaited] is not null;

    public static void Settle(Transaction tx, JsonObject intent)
    {
        var at = Payment.DueAt(intent)!.Value;
        var refusal = Payment.Settle(tx, intent);
        if (InvoicePayments.InvoiceOf(tx, intent.Id()) is { } invoice)
        {
            Dunning.Conclude(tx, invoice, refusal, at);
        }

        if (tx.NewestFirst(CheckoutSessions.Type).FirstOrDefault(session => session.TextOrNull(Awaited) == intent.Id()) is { } session)
        {
            Tell(tx, tx.Edit(session), refusal);
        }
    }

    private static void Tell(Transaction tx, JsonObject session, Refusal? refusal)
    {
        session.Remove(Awaited);
        session["payment_status"] = refusal is null ? "paid" : "unpaid";
        tx.Emit(refusal is null ? "checkout.session.async_payment_succeeded" : "checkout.session.async_payment_failed", session);
    }
}
