using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Protocol;
using StripeSandbox.Resources;
using StripeSandbox.State;

namespace StripeSandbox.Portal;

/// <summary>
/// What a switch comes to, found by carrying it out and keeping nothing, so that it cannot differ from the switch itself.
/// </summary>
/// <param name="At">The proration date, unix seconds; the switch must name the same one to cost the same.</param>
/// <param name="Invoice">The invoice that is made and charged at once; null: none.</param>
/// <param name="Waiting">What waits for the next invoice afterwards, minor units; negative is credit.</param>
/// <param name="After">The subscription afterwards.</param>
internal sealed record PlanPreview(long At, JsonObject? Invoice, long Waiting, JsonObject After)
{
    public long DueToday => Invoice?.Number("amount_due") ?? 0;

    public static PlanPreview Of(PortalVisit visit, PlanChoice choice) => visit.Account.Preview(tx =>
    {
        var newest = tx.NewestFirst(Invoices.Type).FirstOrDefault()?.Id();
        try
        {
            PlanUpdate.ChangeNow(tx, visit.Feature(PortalVisit.Update), choice, tx.Now);
        }
        catch (StripeError declined) when (declined.Status == 402)
        {
            // The amount stands before the card is asked; its answer counts when the customer confirms.
        }

        var after = tx.Get(Subscriptions.Type, choice.Subscription.Id());
        var made = tx.NewestFirst(Invoices.Type).FirstOrDefault();
        return new PlanPreview(tx.Now, made?.Id() == newest ? null : made, Proration.Waiting(tx, after).Sum(item => item.Number("amount")), after);
    });
}
