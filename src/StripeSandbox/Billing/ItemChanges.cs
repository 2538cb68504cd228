using System.Text.Json.Nodes;
using StripeSandbox.Protocol;
using StripeSandbox.Resources;
using StripeSandbox.State;

namespace StripeSandbox.Billing;

/// <summary>
/// Changing what a subscription consists of. In the same interval the difference is prorated and waits for the next
/// invoice, or is invoiced at once (<c>always_invoice</c>). Another interval, or <c>billing_cycle_anchor=now</c>, begins new
/// periods now: unused time is credited, the new periods are billed in full, and the invoice is made at once.
/// </summary>
internal static class ItemChanges
{
    public static void Apply(Transaction tx, JsonObject subscription, ItemChangeOrder order)
    {
        if (order.Changes.Count == 0 && !order.ResetAnchor)
        {
            return;
        }

        ScheduledChange.Forget(subscription);
        var items = subscription.Object("items")["data"]!.AsArray();
        var before = items.OfType<JsonObject>().Select(item => item.Clone()).ToArray();
        CheckProrationDate(order, before);
        foreach (var change in order.Changes)
        {
            Apply(tx, subscription, items, change);
        }

        if (items.Count == 0)
        {
            throw StripeError.Refused("A subscription must have at least one item.", null, "items");
        }

        var after = items.OfType<JsonObject>().ToArray();
        var resets = order.ResetAnchor || after.Any(item => before.Any(old => old.Id() == item.Id() && !SameInterval(tx, old, item)));
        if (resets)
        {
            BeginPeriods(tx, subscription, after);
        }

        if (order.Behavior != "none")
        {
            Prorate(tx, subscription, before, after, resets, order.ProrationDate);
        }

        if (resets || order.Behavior == "always_invoice")
        {
            InvoiceNow(tx, subscription, resets ? [.. after.Select(item => InvoiceLine.OfItem(tx, subscription, item))] : []);
        }
    }

    /// <summary>For a cancellation in mid-period: credit for unused time, if wanted, and an invoice over what waits, if wanted.</summary>
    public static void CreditUnused(Transaction tx, JsonObject subscription, bool prorate, bool invoiceNow)
    {
        if (prorate)
        {
            foreach (var item in subscription.Elements("items"))
            {
                Proration.CreditUnused(tx, subscription, item, tx.Now);
            }
        }

        if (invoiceNow)
        {
            InvoiceNow(tx, subscription, []);
        }
    }

    private static void CheckProrationDate(ItemChangeOrder order, JsonObject[] items)
    {
        if (items.Any(item => order.ProrationDate < item.Number("current_period_start") || order.ProrationDate > item.Number("current_period_end")))
        {
            throw StripeError.BadParameter("The proration date must lie in the current period of the subscription.", "proration_date");
        }
    }

    private static void Apply(Transaction tx, JsonObject subscription, JsonArray items, ItemChange change)
    {
        if (change.ItemId is null)
        {
            var added = Subscriptions.NewItem(tx, subscription, change.Price!, change.Quantity ?? 1);
            change.Complete(added);
            items.Add(added);
            return;
        }
        var item = items.OfType<JsonObject>().First(item => item.Id() == change.ItemId);
        if (change.Deleted)
        {
            items.Remove(item);
            return;
        }
        if (change.Price is not null)
        {
            item["price"] = change.Price.Id();
        }

        if (change.Quantity is { } quantity)
        {
            item["quantity"] = quantity;
        }

        change.Complete(item);
    }

    private static bool SameInterval(Transaction tx, JsonObject old, JsonObject item) =>
        BillingPeriod.SameInterval(tx.Get("price", old.Text("price")), tx.Get("price", item.Text("price")));

    private static void BeginPeriods(Transaction tx, JsonObject subscription, JsonObject[] items)
    {
        subscription["billing_cycle_anchor"] = tx.Now;
        foreach (var item in items)
        {
            var period = BillingPeriod.Holding(tx.Now, tx.Now, tx.Get("price", item.Text("price")));
            (item["current_period_start"], item["current_period_end"]) = (period.Start, period.End);
        }
        if (subscription.Flag("cancel_at_period_end"))
        {
            subscription["cancel_at"] = items.Max(item => item.Number("current_period_end"));
        }
    }

    private static void Prorate(Transaction tx, JsonObject subscription, JsonObject[] before, JsonObject[] after, bool resets, long at)
    {
        foreach (var old in before)
        {
            if (resets || !after.Any(item => item.Id() == old.Id() && IsSame(old, item)))
            {
                Proration.CreditUnused(tx, subscription, old, at);
            }
        }

        if (resets)
        {
            return;
        }

        foreach (var item in after)
        {
            if (!before.Any(old => old.Id() == item.Id() && IsSame(old, item)))
            {
                Proration.ChargeRemaining(tx, subscription, item, at);
            }
        }
    }

    private static bool IsSame(JsonObject old, JsonObject item) => old.Text("price") == item.Text("price") && old.Number("quantity") == item.Number("quantity");

    private static void InvoiceNow(Transaction tx, JsonObject subscription, IReadOnlyList<JsonObject> lines)
    {
        var waiting = Proration.Waiting(tx, subscription).ToArray();
        if (waiting.Length + lines.Count == 0)
        {
            return;
        }

        var invoice = Invoicing.Draft(tx, subscription, "subscription_update", [.. waiting.Select(item => InvoiceLine.OfProration(tx, subscription, item)), .. lines]);
        foreach (var item in waiting)
        {
            tx.Edit(item)["invoice"] = invoice.Id();
        }

        subscription["latest_invoice"] = invoice.Id();
        Invoicing.Finalise(tx, invoice);
        Invoicing.Collect(tx, invoice, tx.Get("payment_method", subscription.Text("default_payment_method")), "Subscription update");
    }
}

/// <summary>What an update asks for. The proration date is in unix seconds.</summary>
internal sealed record ItemChangeOrder(IReadOnlyList<ItemChange> Changes, bool ResetAnchor, string Behavior, long ProrationDate);

/// <summary>One entry of <c>items[]</c>; without an item's id it adds an item.</summary>
internal sealed record ItemChange(string? ItemId, JsonObject? Price, long? Quantity, bool Deleted, Action<JsonObject> Complete);
