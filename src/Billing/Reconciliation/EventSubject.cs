using System.Text.Json;

namespace Billing.Reconciliation;

/// <summary>What an event names that may tell whose it is, in whatever API version it is rendered; null where it names none.</summary>
internal sealed record EventSubject(
    string? Subscription, string? Session, string? Customer, string? Payment, IReadOnlyDictionary<string, string>? Metadata)
{
    private static readonly EventSubject Nothing = new(null, null, null, null, null);

    /// <summary>Refunds and disputes name the payment only, which we may not know yet although it is of an org: only a read can tell.</summary>
    public bool IsOfPaymentOnly => this is { Subscription: null, Session: null, Customer: null, Payment: not null };

    public static EventSubject Of(JsonElement e)
    {
        var it = Part(e, "data", "object");
        return Text(it, "object") switch
        {
            "subscription" => new(Text(it, "id"), null, Text(it, "customer"), null, MetadataOf(it)),
            "invoice" => OfInvoice(it),
            "checkout.session" => new(Text(it, "subscription"), Text(it, "id"), Text(it, "customer"), Text(it, "payment_intent"), MetadataOf(it)),
            "customer" => Nothing with { Customer = Text(it, "id") },
            "charge" => new(null, null, Text(it, "customer"), Text(it, "payment_intent"), MetadataOf(it)),
            "refund" or "dispute" => Nothing with { Payment = Text(it, "payment_intent") },
            _ => Nothing,
        };
    }

    private static EventSubject OfInvoice(JsonElement invoice)
    {
        var details = Part(invoice, "parent", "subscription_details");
        var older = Part(invoice, "subscription_details"); // before basil (FACTS F.1)
        return Nothing with
        {
            Subscription = Text(details, "subscription") ?? Text(invoice, "subscription"),
            Customer = Text(invoice, "customer"),
            Metadata = MetadataOf(details) ?? MetadataOf(older),
        };
    }

    private static Dictionary<string, string>? MetadataOf(JsonElement it)
    {
        if (Part(it, "metadata") is not { ValueKind: JsonValueKind.Object } metadata)
        {
            return null;
        }
        try
        {
            var texts = new Dictionary<string, string>();
            foreach (var entry in metadata.EnumerateObject().Where(entry => entry.Value.ValueKind == JsonValueKind.String))
            {
                texts[entry.Name] = entry.Value.GetString()!;
            }
            return texts;
        }
        catch (InvalidOperationException)
        {
            return null; // an unpaired surrogate: nothing that we signed
        }
    }

    private static JsonElement Part(JsonElement it, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            it = it.ValueKind == JsonValueKind.Object && it.TryGetProperty(name, out var part) ? part : default;
        }
        return it;
    }

    private static string? Text(JsonElement it, string name) => Part(it, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
