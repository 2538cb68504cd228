using System.Text;

namespace Benchmarks.Load;

/// <summary>
/// The deliveries of one turn, ready to be sent. Each sender has a request of its own and has the next delivery written into it. Safe for
/// use by several threads.
/// </summary>
internal sealed class DeliveryPlan(EventTemplate template, string time, Delivery[] deliveries, byte[] signatures)
{
    /// <summary>An HMAC-SHA256 in hexadecimal digits.</summary>
    public const int SignatureLength = 64;

    private readonly bool[] _accepted = new bool[deliveries.Length];
    private int _taken;

    /// <summary>A whole HTTP request, with nothing in its gaps yet.</summary>
    public DeliveryRequest CreateRequest(Uri url)
    {
        var head = Encoding.ASCII.GetBytes($"""
            POST {url.AbsolutePath} HTTP/1.1
            Host: {url.Authority}
            User-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)
            Accept: */*; q=0.5, application/xml
            Content-Type: application/json; charset=utf-8
            Content-Length: {template.Body.Length}
            Stripe-Signature: t={time},v1=
            """.ReplaceLineEndings("\r\n"));
        return new DeliveryRequest(
            [.. head, .. new byte[SignatureLength], .. "\r\n\r\n"u8, .. template.Body.Span], SignatureAt: head.Length, BodyAt: head.Length + SignatureLength + 4);
    }

    /// <summary>Writes the next delivery into the request.</summary>
    /// <returns>Its index; null if there is none left.</returns>
    public int? TakeNext(DeliveryRequest into)
    {
        var index = Interlocked.Increment(ref _taken) - 1;
        if (index >= deliveries.Length)
        {
            return null;
        }
        var delivery = deliveries[index];
        signatures.AsSpan(delivery.Event * SignatureLength, SignatureLength).CopyTo(into.Bytes.AsSpan(into.SignatureAt));
        template.Fill(into.Bytes.AsSpan(into.BodyAt), delivery.Subscription, delivery.Number);
        return index;
    }

    public void Accept(int index) => _accepted[deliveries[index].Event] = true;

    public void CopyAcceptedTo(AcceptedEvents accepted)
    {
        foreach (var (index, delivery) in deliveries.Index())
        {
            if (_accepted[index])
            {
                accepted.Add(delivery.Subscription, delivery.Number);
            }
        }
    }
}

/// <param name="Event">The index of the first delivery of the same event.</param>
/// <param name="Subscription">Whose event it is.</param>
/// <param name="Number">Of the event in the course of its subscription.</param>
internal readonly record struct Delivery(int Event, int Subscription, int Number);

internal sealed record DeliveryRequest(byte[] Bytes, int SignatureAt, int BodyAt);
