using System.Text.Json.Nodes;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Billing;

/// <summary>
/// Trials: the items' period is the trial, the anchor is its end, and what is billed until then is zero. Changes of items
/// during it cost nothing either. Its end is a renewal.
/// </summary>
internal static class Trial
{
    /// <summary>The longest that a trial may be, Stripe's two years.</summary>
    public const long MaxDays = 730;

    public const long DaySeconds = 24 * 60 * 60;

    private const long NoticeSeconds = 3 * DaySeconds;
    private const string Noticed = "_trial_noticed";

    public static bool IsRunning(JsonObject subscription) => subscription.Text("status") == "trialing";

    /// <summary>When <c>trial_will_end</c> is due: three days before the end; of a shorter trial, that is past at its start. Null: told already.</summary>
    public static long? NoticeAt(JsonObject subscription) =>
        IsRunning(subscription) && !subscription.Flag(Noticed) ? subscription.Number("trial_end") - NoticeSeconds : null;

    public static void Notify(Transaction tx, JsonObject subscription)
    {
        var edited = tx.Edit(subscription);
        edited[Noticed] = true;
        tx.Emit("customer.subscription.trial_will_end", edited);
    }

    /// <summary>Ends the trial of a subscription that is being edited: a full period begins now, and is paid now.</summary>
    public static void EndNow(Transaction tx, JsonObject edited, string paymentBehavior)
    {
        edited["status"] = "active";
        edited["trial_end"] = tx.Now;
        ItemChanges.BeginPeriods(tx, edited);
        Bill(tx, edited, paymentBehavior);
    }

    /// <summary>Moves the end of the trial of a subscription that is being edited, with a zero invoice over what is left of it.</summary>
    public static void MoveEnd(Transaction tx, JsonObject edited, long end)
    {
        edited["trial_end"] = end;
        edited["billing_cycle_anchor"] = end;
        edited.Remove(Noticed);
        foreach (var item in edited.Elements("items"))
        {
            (item["current_period_start"], item["current_period_end"]) = (tx.Now, end);
        }

        Cancellation.FollowPeriod(edited);
        Bill(tx, edited, "allow_incomplete");
    }

    private static void Bill(Transaction tx, JsonObject edited, string paymentBehavior) =>
        ImmediateInvoice.Make(tx, edited, [.. edited.Elements("items").Select(item => InvoiceLine.OfItem(tx, edited, item))], paymentBehavior);
}
