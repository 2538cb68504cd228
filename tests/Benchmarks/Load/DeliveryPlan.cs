using System.Text;

namespace Benchmarks.Load;

/// <summary>
/// The deliveries of one turn, ready to be sent. Each sender has a request of its own and has the next delivery written into it.
/// </summary>
internal sealed class DeliveryPlan(EventTemplate template, string time, Delivery[] deliveries, byte[] signatures) : IRequests
{
    /// <summary>An HMAC-SHA256 in hexadecimal digits.</summary>
    public const int SignatureLength = 64;

    private readonly bool[] _accepted = new bool[deliveries.Length];
    private int _taken;

    public IRequestCursor Open(Uri url) => new Cursor(this, CreateRequest(url));

    /// <summary>A whole HTTP request, with nothing in its gaps yet.</summary>
    private DeliveryRequest CreateRequest(Uri url)
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

    private Delivery DeliveryAt(int index) => deliveries[index];

    /// <summary>Writes the next delivery into the request.</summary>
    /// <returns>Its index; null if there is none left.</returns>
    private int? TakeNext(DeliveryRequest into)
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

    private sealed class Cursor(DeliveryPlan plan, DeliveryRequest request) : IRequestCursor
    {
        private int _index;

        public byte[]? Next()
        {
            if (plan.TakeNext(request) is not { } index)
            {
                return null;
            }
            _index = index;
            return request.Bytes;
        }

        public void Accept() => plan._accepted[plan.DeliveryAt(_index).Event] = true;
    }
}

/// <param name="Event">The index of the first delivery of the same event.</param>
/// <param name="Subscription">Whose event it is.</param>
/// <param name="Number">Of the event in the course of its subscription.</param>
internal readonly record struct Delivery(int Event, int Subscription, int Number);

internal sealed record DeliveryRequest(byte[] Bytes, int SignatureAt, int BodyAt);
