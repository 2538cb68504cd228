using System.Text;
using System.Text.Json;
using Billing.Webhooks;

namespace Billing.Reconciliation;

/// <summary>An event of a listing, with the bytes that it is listed in.</summary>
internal sealed record ListedEvent(EventEnvelope Envelope, byte[] Payload, EventSubject Subject)
{
    /// <summary>
    /// The events of a page, in its order, from the raw answer: both client libraries keep it, also that of a page which they cannot read as
    /// objects because of one event in it. That one is then parked like any other which cannot be applied.
    /// </summary>
    /// <exception cref="JsonException">It is no list at all.</exception>
    public static (List<ListedEvent> Events, string? Next) ReadPage(string content)
    {
        using var page = JsonDocument.Parse(content);
        var (events, last) = (new List<ListedEvent>(), (string?)null);
        foreach (var element in page.RootElement.GetProperty("data").EnumerateArray())
        {
            last = element.GetProperty("id").GetString();
            var payload = Encoding.UTF8.GetBytes(element.GetRawText());
            if (EventEnvelope.TryRead(payload) is { } envelope)
            {
                events.Add(new ListedEvent(envelope, payload, EventSubject.Of(element)));
            }
        }
        return (events, page.RootElement.GetProperty("has_more").GetBoolean() ? last : null);
    }
}
