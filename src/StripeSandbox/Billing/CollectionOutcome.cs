using System.Text.Json.Nodes;
using StripeSandbox.Resources;
using StripeSandbox.State;
using StripeSandbox.Webhooks;

namespace StripeSandbox.Billing;

/// <summary>What an attempt to collect an invoice came to, and what the invoice tells of it.</summary>
internal static class CollectionOutcome
{
    public static void Receive(Transaction tx, JsonObject invoice, JsonObject payment, long attempts)
    {
        InvoicePayments.MarkPaid(tx, payment);
        tx.Emit("invoice_payment.paid", payment);
        Settle(tx, invoice, attempts);
    }

    public static void Settle(Transaction tx, JsonObject invoice, long attempts)
    {
        var paid = tx.Change("invoice.updated", invoice, edited =>
        {
            edited["amount_paid"] = edited.Number("amount_due");
            edited["amount_remaining"] = 0L;
            edited["attempt_count"] = attempts;
            edited["attempted"] = true;
            edited["auto_advance"] = false;
            edited["next_payment_attempt"] = null;
            edited["status"] = "paid";
            edited.Object("status_transitions")["paid_at"] = tx.Now;
        });
        tx.Emit("invoice.paid", paid);
        tx.Emit("invoice.payment_succeeded", paid);
    }

    /// <summary>The attempt fails; one that counts names the next, counted from the instant (unix seconds).</summary>
    public static void Fail(Transaction tx, JsonObject invoice, Refusal refusal, bool counts, long at) => Tell(tx, invoice, refusal, edited =>
    {
        edited["attempted"] = true;
        if (!counts)
        {
            return edited.NumberOrNull("next_payment_attempt");
        }

        edited["attempt_count"] = edited.Number("attempt_count") + 1;
        return tx.Rules.NextAttempt(edited.Number("attempt_count"), at);
    });

    /// <summary>The bank has been asked. No other attempt is made until <see cref="Conclude"/>.</summary>
    public static void Await(Transaction tx, JsonObject invoice, bool counts, CollectionOrder order) => tx.Change("invoice.updated", invoice, edited =>
    {
        edited["_under_way"] = new JsonObject { ["counts"] = counts, ["automatic"] = order.Automatic, ["next"] = edited["next_payment_attempt"]?.DeepClone() };
        edited["attempt_count"] = edited.Number("attempt_count") + (counts ? 1 : 0);
        edited["attempted"] = true;
        edited["next_payment_attempt"] = null;
    });

    /// <summary>The bank answers, at the instant; whether it was the schedule that had asked.</summary>
    public static bool Conclude(Transaction tx, JsonObject invoice, Refusal? refusal, long at)
    {
        var edited = tx.Edit(invoice);
        var asked = edited.Object("_under_way");
        edited.Remove("_under_way");
        if (refusal is null)
        {
            Receive(tx, edited, tx.Edit(tx.Get(InvoicePayments.Type, edited.Text("_payment"))), edited.Number("attempt_count"));
        }
        else
        {
            Tell(tx, edited, refusal, failed => asked.Flag("counts") ? tx.Rules.NextAttempt(failed.Number("attempt_count"), at) : asked.NumberOrNull("next"));
        }

        return asked.Flag("automatic");
    }

    private static void Tell(Transaction tx, JsonObject invoice, Refusal refusal, Func<JsonObject, long?> next)
    {
        var failed = tx.Change("invoice.updated", invoice, edited =>
        {
            var at = next(edited);
            if (edited.Flag("auto_advance"))
            {
                edited["next_payment_attempt"] = at;
                edited["auto_advance"] = at is not null;
            }
        });
        tx.Emit("invoice.payment_failed", failed);
        if (refusal == Refusal.NeedsAuthentication)
        {
            tx.Emit("invoice.payment_action_required", failed);
        }
    }
}
