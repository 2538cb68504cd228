using System.Text;
using Billing.Persistence;

namespace Billing.Webhooks;

/// <summary>An event on its way in: its row, and its content where that matters and can be read.</summary>
internal sealed class ReceivedEvent
{
    private ReceivedEvent(StripeEvent row) => Row = row;

    public StripeEvent Row { get; }

    /// <summary>Null for a type that is not handled, and where it could not be read.</summary>
    public Stripe.Event? Content { get; private init; }

    /// <summary>Why it cannot be applied: it is to be parked.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Reads the content; whatever is wrong with it is a reason to park it, not to refuse it (DESIGN rule 1).</summary>
    public static ReceivedEvent Read(StripeEvent row)
    {
        if (EventHandlers.Find(row.Type) is null && !EventHandlers.IsOfPayment(row.Type))
        {
            return new ReceivedEvent(row);
        }
        try
        {
            return new ReceivedEvent(row)
            {
                Content = Stripe.EventUtility.ParseEvent(Encoding.UTF8.GetString(row.Payload), throwOnApiVersionMismatch: false),
            };
        }
        catch (Exception unreadable)
        {
            return new ReceivedEvent(row) { Failure = unreadable };
        }
    }
}

/// <summary>Applying one event of several failed: it is to be parked, and the others are to be applied without it.</summary>
internal sealed class EventFailureException(ReceivedEvent failed, Exception cause) : Exception(cause.Message, cause)
{
    public ReceivedEvent Failed => failed;
}
