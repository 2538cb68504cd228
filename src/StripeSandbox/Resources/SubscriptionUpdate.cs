using System.Text.Json.Nodes;
using StripeSandbox.Billing;
using StripeSandbox.Protocol;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Resources;

/// <summary>Changing a subscription over the API: its items, its scheduled end, its details.</summary>
internal static class SubscriptionUpdate
{
    public static JsonObject Run(Call call)
    {
        var subscription = call.Subject(Subscriptions.Type, "id");
        var p = call.Params;
        if (Cancellation.IsEnded(subscription) && p.Names.Any(name => name is not ("metadata" or "cancellation_details" or "expand")))
        {
            throw StripeError.Refused("A canceled subscription can only update its cancellation_details and metadata.");
        }

        return call.Tx.Change("customer.subscription.updated", subscription, edited =>
        {
            p.MergeMetadata(edited.Object("metadata"));
            p.CopyTexts(edited, 500, "description");
            if (p.Has("default_payment_method"))
            {
                edited["default_payment_method"] = ReadPaymentMethod(call, edited)?.Id();
            }

            ReadDetails(p, edited);
            Ignore(p);
            // Prices and the trial first: a cancellation at the period's end means the end of the new period.
            var order = SubscriptionItemParams.Read(call, edited);
            ItemChanges.Apply(call.Tx, edited, order);
            ApplyTrial(call, edited, order.PaymentBehavior);
            ApplyCancellation(call, edited);
        });
    }

    /// <summary>DELETE: the end at once. Credit for unused time stays with the customer; nothing is refunded.</summary>
    public static JsonObject Cancel(Call call)
    {
        var subscription = call.Subject(Subscriptions.Type, "id");
        if (Cancellation.IsEnded(subscription))
        {
            throw StripeError.NotFound(Subscriptions.Type, subscription.Id());
        }

        var edited = call.Tx.Edit(subscription);
        ReadDetails(call.Params, edited);
        ItemChanges.CreditUnused(call.Tx, edited, call.Params.Flag("prorate") ?? false, call.Params.Flag("invoice_now") ?? false);
        Cancellation.EndNow(call.Tx, edited);
        return edited;
    }

    public static void ReadDetails(Params p, JsonObject subscription)
    {
        if (p.Object("cancellation_details") is not { } given)
        {
            return;
        }

        var details = subscription.Object("cancellation_details");
        given.CopyTexts(details, 5000, "comment");
        if (given.IsUnset("feedback"))
        {
            details["feedback"] = null;
        }
        else if (given.OneOf("feedback", "customer_service", "low_quality", "missing_features", "other", "switched_service", "too_complex", "too_expensive", "unused") is { } feedback)
        {
            details["feedback"] = feedback;
        }
    }

    private static void ApplyCancellation(Call call, JsonObject subscription)
    {
        var p = call.Params;
        p.Exclusive("cancel_at", "cancel_at_period_end");
        var ends = subscription.Elements("items").Select(item => item.Number("current_period_end")).ToArray();
        if (p.IsUnset("cancel_at") || p.Flag("cancel_at_period_end") == false)
        {
            Cancellation.Unschedule(subscription);
        }
        else if (p.Flag("cancel_at_period_end") == true)
        {
            Cancellation.Schedule(subscription, ends.Max(), atPeriodEnd: true, call.Now);
        }
        else if (p.Text("cancel_at") is { } at)
        {
            Cancellation.Schedule(subscription, at switch
            {
                "min_period_end" => ends.Min(),
                "max_period_end" => ends.Max(),
                "max_billed_until" => throw StripeError.NotEmulated("cancel_at=max_billed_until"),
                _ => p.Time("cancel_at")!.Value is var instant && instant > call.Now ? instant
                    : throw StripeError.BadParameter("The cancel_at timestamp must be in the future.", "cancel_at"),
            }, atPeriodEnd: false, call.Now);
        }
    }

    private static void ApplyTrial(Call call, JsonObject subscription, string paymentBehavior)
    {
        if (call.Params.NonEmpty("trial_end") is not { } text)
        {
            return;
        }

        long? end = text == "now" ? null : call.Params.Time("trial_end");
        if (end <= call.Now || end > call.Now + Trial.MaxDays * Trial.DaySeconds)
        {
            throw StripeError.BadParameter($"The trial_end timestamp must be in the future and at most {Trial.MaxDays} days ahead.", "trial_end");
        }

        switch (Trial.IsRunning(subscription), end)
        {
            case (true, { } at):
                Trial.MoveEnd(call.Tx, subscription, at);
                break;
            case (true, null):
                Trial.EndNow(call.Tx, subscription, paymentBehavior);
                break;
            case (false, not null):
                throw StripeError.NotEmulated("trial_end without a running trial");
        }
    }

    // Unset, the customer's default pays.
    private static JsonObject? ReadPaymentMethod(Call call, JsonObject subscription) => call.Named(PaymentMethods.Type, "default_payment_method") is not { } method ? null
        : PaymentMethods.IsOf(method, subscription.Text("customer")) ? method : throw PaymentMethods.NotOf(method, "default_payment_method");

    private static void Ignore(Params p)
    {
        p.Accept("off_session", "payment_settings", "trial_from_plan");
        p.OneOf("collection_method", "charge_automatically");
        p.RefuseNotEmulated("add_invoice_items", "application_fee_percent", "automatic_tax", "billing_schedules", "billing_thresholds", "days_until_due",
            "default_source", "default_tax_rates", "discounts", "invoice_settings", "on_behalf_of", "pause_collection",
            "pending_invoice_item_interval", "transfer_data", "trial_settings");
    }
}
