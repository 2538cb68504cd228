using System.Text.Json.Nodes;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Billing;

/// <summary>
/// The end of a period, or of a trial: the items whose period ended begin the next, counted from the anchor, and a draft
/// is made over them and the prorations that wait. It is finalised an hour later (FACTS B.6); Stripe may wait
/// for webhooks up to three days more, the sandbox does not. All instants follow from the period's end, not from when
/// it was noticed, so that a clock that jumped makes the same renewals.
/// </summary>
internal static class Renewal
{
    private const long FinalisesAfterSeconds = 3600;

    public static long? DueAt(JsonObject subscription) => subscription.Elements("items").Min(item => item.NumberOrNull("current_period_end"));

    public static void Run(Transaction tx, JsonObject subscription)
    {
        var at = DueAt(subscription)!.Value;
        tx.Change("customer.subscription.updated", subscription, edited =>
        {
            ScheduledChange.Apply(tx, edited, at);
            if (Trial.IsRunning(edited))
            {
                edited["status"] = "active";
            }

            var items = edited.Elements("items").Where(item => item.Number("current_period_end") <= at).ToArray();
            var ended = new BillingPeriod(items.Min(item => item.Number("current_period_start")), at);
            foreach (var item in items)
            {
                BeginNextPeriod(tx, edited, item);
            }

            edited["latest_invoice"] = Draft(tx, edited, items, ended).Id();
        });
    }

    private static void BeginNextPeriod(Transaction tx, JsonObject subscription, JsonObject item)
    {
        var start = item.Number("current_period_end");
        item["current_period_start"] = start;
        item["current_period_end"] = BillingPeriod.Holding(start, subscription.Number("billing_cycle_anchor"), tx.Get("price", item.Text("price"))).End;
    }

    // The drafts of an unpaid subscription stay drafts.
    private static JsonObject Draft(Transaction tx, JsonObject subscription, JsonObject[] items, BillingPeriod ended) =>
        Invoicing.DraftWithWaiting(tx, subscription, "subscription_cycle", [.. items.Select(item => InvoiceLine.OfItem(tx, subscription, item))], invoice =>
        {
            var advances = subscription.Text("status") != "unpaid";
            invoice["auto_advance"] = advances;
            invoice["automatically_finalizes_at"] = advances ? ended.End + FinalisesAfterSeconds : null;
            invoice["next_payment_attempt"] = advances ? ended.End + FinalisesAfterSeconds : null;
            invoice["period_start"] = ended.Start;
            invoice["period_end"] = ended.End;
        });
}
