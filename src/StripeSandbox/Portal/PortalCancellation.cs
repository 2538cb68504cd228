using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using StripeSandbox.Billing;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Portal;

/// <summary>
/// The end of a subscription by the customer's hand, at the period's end or at once as the configuration says, and the
/// undoing of a scheduled one.
/// </summary>
internal static class PortalCancellation
{
    private const int LongestComment = 5000;

    public static IResult Run(PortalVisit visit, string subscriptionId, IFormCollection form)
    {
        visit.Require(PortalVisit.Cancel, subscriptionId);
        var subscription = visit.Subscription(subscriptionId);
        var atOnce = IsAtOnce(visit);
        if (visit.IsFinished || Cancellation.IsEnded(subscription) || (!atOnce && subscription["cancel_at"] is not null))
        {
            return FlowCompletion.Go(visit);
        }

        FormMark.Require(visit, subscription, form);
        var (feedback, comment) = ReadReason(visit, form);
        if (atOnce)
        {
            EndNow(visit, subscription, edited => Note(edited, feedback, comment));
        }
        else
        {
            visit.Tx.Change("customer.subscription.updated", subscription, edited =>
            {
                Note(edited, feedback, comment);
                // The portal sets the flag in classic billing mode only (FACTS B.4).
                var isClassic = edited.Object("billing_mode").Text("type") == "classic";
                Cancellation.Schedule(edited, PortalText.PeriodEnd(edited), isClassic, visit.Tx.Now);
            });
        }

        return FlowCompletion.Go(visit, atOnce ? "Your subscription is cancelled." : "Your subscription will end with the period. You can undo this until then.");
    }

    /// <summary>"Don't cancel". A session that leads to a task goes back to it.</summary>
    public static IResult Undo(PortalVisit visit, string subscriptionId, IFormCollection form)
    {
        visit.RequireRenewal(subscriptionId);
        var subscription = visit.LiveSubscription(subscriptionId);
        if (subscription["cancel_at"] is not null)
        {
            FormMark.Require(visit, subscription, form);
            visit.Tx.Change("customer.subscription.updated", subscription, Cancellation.Unschedule);
            return FlowCompletion.Back(visit, "Your subscription goes on.");
        }

        return FlowCompletion.Back(visit, null);
    }

    public static bool IsAtOnce(PortalVisit visit) => visit.Feature(PortalVisit.Cancel).Text("mode") == "immediately";

    /// <summary>The reasons that the customer may choose from; none if the configuration does not ask.</summary>
    public static string[] Reasons(PortalVisit visit) => visit.Feature(PortalVisit.Cancel).Object("cancellation_reason") is var reason && reason.Flag("enabled")
        ? [.. reason["options"]!.AsArray().Select(option => option!.GetValue<string>())] : [];

    private static void EndNow(PortalVisit visit, JsonObject subscription, Action<JsonObject> note)
    {
        var edited = visit.Tx.Edit(subscription);
        note(edited);
        var behavior = visit.Feature(PortalVisit.Cancel).Text("proration_behavior");
        ItemChanges.CreditUnused(visit.Tx, edited, prorate: behavior != "none", invoiceNow: behavior == "always_invoice");
        Cancellation.EndNow(visit.Tx, edited);
    }

    private static (string? Feedback, string? Comment) ReadReason(PortalVisit visit, IFormCollection form)
    {
        var (feedback, comment) = (Given(form, "feedback"), Given(form, "comment"));
        if (feedback is not null && !Reasons(visit).Contains(feedback))
        {
            throw PortalRefusals.Invalid("This reason is not among those that can be chosen.");
        }

        if (comment is not null && (Reasons(visit).Length == 0 || comment.Length > LongestComment))
        {
            throw PortalRefusals.Invalid($"A comment is not wanted here, or is longer than {LongestComment} characters.");
        }

        return (feedback, comment);
    }

    private static string? Given(IFormCollection form, string name) => form[name] is [{ } text, ..] && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

    private static void Note(JsonObject subscription, string? feedback, string? comment)
    {
        var details = subscription.Object("cancellation_details");
        (details["feedback"], details["comment"]) = (feedback, comment);
    }
}
