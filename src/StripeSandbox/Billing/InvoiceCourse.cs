using System.Text.Json.Nodes;
using StripeSandbox.Resources;
using StripeSandbox.State;

namespace StripeSandbox.Billing;

/// <summary>
/// What an invoice does by itself: a renewal's draft is finalised an hour after it was made and collected at once; an
/// open one whose payment failed is tried again.
/// </summary>
internal static class InvoiceCourse
{
    /// <summary>Unix seconds; null: it waits for somebody.</summary>
    public static long? DueAt(JsonObject invoice) => !invoice.Flag("auto_advance") ? null : invoice.Text("status") switch
    {
        "draft" => invoice.NumberOrNull("automatically_finalizes_at"),
        "open" => invoice.NumberOrNull("next_payment_attempt"),
        _ => null,
    };

    public static void Advance(Transaction tx, JsonObject due)
    {
        var at = DueAt(due)!.Value;
        var invoice = tx.Edit(due);
        if (invoice.Text("status") == "draft")
        {
            Invoicing.Finalise(tx, invoice);
        }

        var subscription = tx.Get(Subscriptions.Type, Invoices.SubscriptionOf(invoice)!);
        Dunning.Collect(tx, invoice, Collection.DefaultMethod(tx, subscription), new CollectionOrder("Subscription update", Automatic: true, at));
    }
}
