using System.Text;
using Billing.Persistence;

namespace Billing.Webhooks;

/// <summary>An event on its way in: its row, and its content where that matters and can be read.</summary>
internal sealed class ReceivedEvent
{
    private ReceivedEvent(StripeEvent row, bool livemode) => (Row, Livemode) = (row, livemode);

    public StripeEvent Row { get; }

    public bool Livemode { get; }

    /// <summary>Null for a type that is not handled, and where it could not be read.</summary>
    public Stripe.Event? Content { get; private init; }

    /// <summary>Why it cannot be applied: it is to be parked.</summary>
    public Exception? Failure { get; set; }

    /// <summary>
    /// Reads a delivery. What is wrong with its content is a reason to park it, not to refuse it (DESIGN rule 1).
    /// </summary>
    /// <param name="payload">Verified bytes; kept as they are.</param>
    /// <param name="text">The same as text.</param>
    /// <param name="receivedAt">Now.</param>
    /// <returns>Null if they are no snapshot event (<see cref="EventEnvelope"/>).</returns>
    public static ReceivedEvent? TryRead(byte[] payload, string text, DateTimeOffset receivedAt)
    {
        var content = Parse(text, out var failure);
        var envelope = content is null ? EventEnvelope.TryRead(payload) : EventEnvelope.Of(content);
        if (envelope is null)
        {
            return null;
        }
        var row = new StripeEvent
        {
            Id = envelope.Id,
            Type = envelope.Type,
            CreatedAt = envelope.CreatedAt,
            ReceivedAt = receivedAt,
            Payload = payload,
        };
        return Of(row, envelope.Livemode, content, failure);
    }

    /// <summary>Reads the content of a row of the inbox again.</summary>
    public static ReceivedEvent Read(StripeEvent row)
    {
        var content = Parse(Encoding.UTF8.GetString(row.Payload), out var failure);
        return Of(row, content?.Livemode ?? false, content, failure);
    }

    private static ReceivedEvent Of(StripeEvent row, bool livemode, Stripe.Event? content, Exception? failure) =>
        EventHandlers.IsHandled(row.Type)
            ? new ReceivedEvent(row, livemode) { Content = content, Failure = failure }
            : new ReceivedEvent(row, livemode);

    private static Stripe.Event? Parse(string text, out Exception? failure)
    {
        try
        {
            failure = null;
            return Stripe.EventUtility.ParseEvent(text, throwOnApiVersionMismatch: false);
        }
        catch (Exception unreadable)
        {
            failure = unreadable;
            return null;
        }
    }
}

/// <summary>Applying one event of several failed: it is to be parked, and the others are to be applied without it.</summary>
internal sealed class EventFailureException(ReceivedEvent failed, Exception cause) : Exception(cause.Message, cause)
{
    public ReceivedEvent Failed => failed;
}
