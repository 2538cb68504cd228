using System.Text.Json.Nodes;
using StripeSandbox.Protocol;
using StripeSandbox.State;

namespace StripeSandbox.Billing;

/// <summary>The invoice that a change of a subscription makes and collects at once, with the prorations that wait.</summary>
internal static class ImmediateInvoice
{
    /// <summary>
    /// For a subscription that is being edited. A refused card makes it <c>past_due</c> (<c>allow_incomplete</c>), or takes the
    /// whole change back (<c>error_if_incomplete</c>); paying makes a past due one active.
    /// </summary>
    /// <exception cref="StripeError">The card is refused and the behaviour says so (402) or is not emulated (400).</exception>
    public static void Make(Transaction tx, JsonObject edited, IReadOnlyList<JsonObject> lines, string paymentBehavior)
    {
        if (lines.Count == 0 && !Proration.Waiting(tx, edited).Any())
        {
            return;
        }

        var invoice = Invoicing.DraftWithWaiting(tx, edited, "subscription_update", lines);
        edited["latest_invoice"] = invoice.Id();
        Invoicing.Finalise(tx, invoice);
        var refusal = Collection.Attempt(tx, invoice, Collection.DefaultMethod(tx, edited), new CollectionOrder("Subscription update", Automatic: true, tx.Now));
        var status = edited.Text("status");
        edited["status"] = (refusal, paymentBehavior) switch
        {
            (null, _) => status is "past_due" or "unpaid" && !Collection.IsUnderWay(invoice) ? "active" : status,
            (_, "allow_incomplete") => "past_due",
            (_, "error_if_incomplete") => throw refusal.ToError(),
            _ => throw StripeError.NotEmulated($"payment_behavior={paymentBehavior}"),
        };
    }
}
