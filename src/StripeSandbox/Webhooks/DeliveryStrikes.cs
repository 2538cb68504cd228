using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using StripeSandbox.Faults;
using StripeSandbox.State;

namespace StripeSandbox.Webhooks;

/// <summary>
/// Faults as they happen to deliveries. Decided when a delivery is first seen, in the order of the events, so that the same
/// course of events with the same seeds has the same faults, however fast the endpoints are.
/// </summary>
internal sealed class DeliveryStrikes(SandboxFaults faults)
{
    // At most one delivery per endpoint waits to be overtaken.
    private readonly ConcurrentDictionary<string, (Account Account, string Id)> _waiting = new(StringComparer.Ordinal);

    public bool AnyWaiting => !_waiting.IsEmpty;

    /// <summary>Whether the delivery is not to be sent now.</summary>
    public bool Holds(Account account, JsonObject delivery)
    {
        if (!Delivery.IsUntouched(delivery) || Strike(account, delivery) is not { } fault)
        {
            return false;
        }

        var delay = (long)fault.EffectiveDelay.TotalSeconds;
        switch (fault.Kind)
        {
            case DeliveryFaultKind.Duplicate:
                account.Execute(RequestOrigin.None, tx => Delivery.Repeat(tx, delivery, delay));
                return false;
            case DeliveryFaultKind.Drop:
                account.Execute(RequestOrigin.None, tx => Delivery.Drop(tx, delivery));
                return true;
            case DeliveryFaultKind.Reorder:
                // Held first: what overtakes it may be quick to let it go.
                account.Execute(RequestOrigin.None, tx => Delivery.Hold(tx, delivery, "reorder", delay));
                _waiting[delivery.Text("endpoint")] = (account, delivery.Id());
                return true;
            default:
                account.Execute(RequestOrigin.None, tx => Delivery.Hold(tx, delivery, "delay", delay));
                return true;
        }
    }

    /// <summary>The delivery goes out: what is to happen when it has been attempted, which lets go the one that it overtakes.</summary>
    public Action Overtake(JsonObject delivery)
    {
        if (!_waiting.TryRemove(delivery.Text("endpoint"), out var waiting) || waiting.Id == delivery.Id())
        {
            return () => { };
        }

        return () => Release(waiting);
    }

    /// <summary>Lets go what nothing followed.</summary>
    public void ReleaseAll()
    {
        foreach (var endpoint in _waiting.Keys)
        {
            if (_waiting.TryRemove(endpoint, out var waiting))
            {
                Release(waiting);
            }
        }
    }

    private static void Release((Account Account, string Id) waiting) => waiting.Account.Execute(RequestOrigin.None, tx =>
    {
        if (tx.Find(Delivery.Type, waiting.Id) is { } delivery && Delivery.DueAt(delivery) is not null)
        {
            Delivery.Release(tx, delivery);
        }
    });

    private DeliveryFault? Strike(Account account, JsonObject delivery)
    {
        if (faults.All.Count == 0)
        {
            return null;
        }

        var customer = account.Execute(RequestOrigin.None, tx => CustomerOf(tx.Get("event", delivery.Text("event"))));
        var mayWait = !_waiting.ContainsKey(delivery.Text("endpoint"));
        return faults.Strike<DeliveryFault>(fault => (mayWait || fault.Kind != DeliveryFaultKind.Reorder) && fault.Fits(delivery.Text("type"), customer));
    }

    private static string? CustomerOf(JsonObject json)
    {
        var subject = json.Object("data").Object("object");
        return subject.Type() == "customer" ? subject.Id() : subject.TextOrNull("customer");
    }
}
