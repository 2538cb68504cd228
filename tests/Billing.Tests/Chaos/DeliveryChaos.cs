using StripeSandbox;
using StripeSandbox.Faults;

namespace Billing.Tests.Chaos;

/// <summary>Disturbs the deliveries of a round as the seed says.</summary>
internal sealed class DeliveryChaos(SandboxHost sandbox, ChaosSeed seed)
{
    private static readonly TimeSpan[] Delays =
        [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(3), TimeSpan.FromHours(5), TimeSpan.FromDays(1), TimeSpan.FromDays(4)];

    private readonly List<ActiveFault> _added = [];

    public void Begin(int round)
    {
        End();
        var random = new Random(seed.Number * 100 + round);
        var delay = Delays[random.Next(Delays.Length)];
        if (seed.MayDrop(round))
        {
            Add(DeliveryFaultKind.Drop, seed.Drop, null);
        }
        Add(DeliveryFaultKind.Duplicate, seed.Duplicate, random.Next(2) == 0 ? null : delay);
        Add(DeliveryFaultKind.Reorder, seed.Reorder, delay);
        Add(DeliveryFaultKind.Delay, seed.Delay, delay);

        void Add(DeliveryFaultKind kind, double probability, TimeSpan? delay) => _added.Add(sandbox.Faults.Add(
            new DeliveryFault(kind) { Probability = probability, Seed = random.Next(), Delay = delay }));
    }

    public void End()
    {
        _added.ForEach(fault => sandbox.Faults.Remove(fault.Id));
        _added.Clear();
    }
}
