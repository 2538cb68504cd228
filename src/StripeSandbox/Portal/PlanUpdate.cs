using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using StripeSandbox.Billing;
using StripeSandbox.Protocol;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Portal;

/// <summary>Carries out a confirmed switch: now, prorated as the configuration says, or at the end of the period.</summary>
internal static class PlanUpdate
{
    // As long as a session lives without a use, so that the amount that a page showed is the amount charged.
    private const long LongestConfirmationSeconds = 60 * 60;

    /// <exception cref="StripeError">402: the card is declined, and nothing changes.</exception>
    public static IResult Run(PortalVisit visit, string subscriptionId, IFormCollection form)
    {
        visit.Require(PortalVisit.Update, subscriptionId);
        if (visit.IsFinished)
        {
            return FlowCompletion.Go(visit);
        }

        if (string.IsNullOrEmpty(form["price"]) && string.IsNullOrEmpty(form["quantity"]))
        {
            throw PortalRefusals.Invalid("Choose a price.");
        }

        var choice = PlanChoice.Read(visit, subscriptionId, form["price"], form["quantity"]);
        // A form sent twice finds its work done.
        if (choice.IsCurrent || choice.IsScheduled)
        {
            return FlowCompletion.Go(visit);
        }

        FormMark.Require(visit, choice.Subscription, form);
        if (choice.Subscription["cancel_at"] is not null)
        {
            throw PortalRefusals.Blocked("This subscription is about to end. Undo the cancellation first.");
        }

        if (PlanTiming.IsAtPeriodEnd(visit, choice))
        {
            ScheduledChange.Set(visit.Tx, choice.Subscription, choice.Item.Id(), choice.Price, choice.Quantity);
            return FlowCompletion.Go(visit, "Your plan changes at the end of the period. You keep what you have until then.");
        }

        ChangeNow(visit.Tx, visit.Feature(PortalVisit.Update), choice, ReadProrationDate(visit, choice, form));
        return FlowCompletion.Go(visit, $"Your plan is now {PortalText.Plan(visit.Tx, choice.Price, choice.Quantity)}.");
    }

    /// <summary>Drops a switch that waits for the period's end.</summary>
    public static IResult Keep(PortalVisit visit, string subscriptionId, IFormCollection form)
    {
        visit.Require(PortalVisit.Update, subscriptionId);
        var subscription = visit.LiveSubscription(subscriptionId);
        if (ScheduledChange.Find(subscription) is not null)
        {
            FormMark.Require(visit, subscription, form);
            ScheduledChange.Clear(visit.Tx, subscription);
            return FlowCompletion.Back(visit, "You keep your current plan.");
        }

        return FlowCompletion.Back(visit, null);
    }

    /// <summary>The switch at once. The proration date is in unix seconds and lies in the running period.</summary>
    public static void ChangeNow(Transaction tx, JsonObject feature, PlanChoice choice, long prorationDate)
    {
        const string OnDecline = "error_if_incomplete";
        var inTrial = Trial.IsRunning(choice.Subscription);
        var change = new ItemChange(choice.Item.Id(), choice.Price, choice.Quantity, Deleted: false, Complete: _ => { });
        var order = new ItemChangeOrder([change], !inTrial && feature.TextOrNull("billing_cycle_anchor") == "now", feature.Text("proration_behavior"), prorationDate)
        {
            PaymentBehavior = OnDecline,
        };
        tx.Change("customer.subscription.updated", choice.Subscription, edited =>
        {
            ItemChanges.Apply(tx, edited, order);
            if (inTrial && feature.Text("trial_update_behavior") == "end_trial")
            {
                Trial.EndNow(tx, edited, OnDecline);
            }
        });
    }

    private static long ReadProrationDate(PortalVisit visit, PlanChoice choice, IFormCollection form)
    {
        if (string.IsNullOrEmpty(form["proration_date"]))
        {
            return visit.Tx.Now;
        }

        return long.TryParse(form["proration_date"], NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= visit.Tx.Now
            && at >= visit.Tx.Now - LongestConfirmationSeconds && at >= choice.Item.Number("current_period_start") ? at : throw PortalRefusals.Stale();
    }
}
