using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Benchmarks.Load;

/// <summary>Makes the deliveries of one turn before it begins: events of random subscriptions, signed as Stripe signs them, a tenth sent twice.</summary>
internal sealed class EventSource(EventCourse course, string secret)
{
    private const double DuplicateShare = 0.1;

    /// <summary>How many deliveries ago the first of two equal ones was, at most.</summary>
    private const int DuplicateDistance = 200;

    private readonly EventTemplate _template = new(course);
    private readonly byte[] _key = Encoding.UTF8.GetBytes(secret);
    private readonly int[] _last = new int[EventCourse.Subscriptions + 1];
    private readonly Random _random = new(20_26);

    /// <summary>A body as it is sent, to give to others.</summary>
    public byte[] Example()
    {
        var body = _template.Body.ToArray();
        _template.Fill(body, 1, 0);
        return body;
    }

    public DeliveryPlan Plan(int count)
    {
        var deliveries = new Delivery[count];
        for (var i = 0; i < count; i++)
        {
            deliveries[i] = i > 0 && _random.NextDouble() < DuplicateShare
                ? deliveries[i - _random.Next(1, Math.Min(i, DuplicateDistance) + 1)]
                : Next(i);
        }
        var time = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return new DeliveryPlan(_template, time, deliveries, Sign(deliveries, time));
    }

    private Delivery Next(int index)
    {
        var subscription = _random.Next(1, EventCourse.Subscriptions + 1);
        return new Delivery(index, subscription, ++_last[subscription]);
    }

    private byte[] Sign(Delivery[] deliveries, string time)
    {
        var signatures = new byte[deliveries.Length * DeliveryPlan.SignatureLength];
        byte[] signed = [.. Encoding.ASCII.GetBytes(time + "."), .. _template.Body.Span];
        Parallel.For(0, deliveries.Length, () => signed.ToArray(), (i, _, message) =>
        {
            if (deliveries[i].Event == i)
            {
                _template.Fill(message.AsSpan(time.Length + 1), deliveries[i].Subscription, deliveries[i].Number);
                var hex = signatures.AsSpan(i * DeliveryPlan.SignatureLength, DeliveryPlan.SignatureLength);
                Convert.TryToHexStringLower(HMACSHA256.HashData(_key, message), hex, out int _);
            }
            return message;
        }, _ => { });
        return signatures;
    }
}
