using StripeSandbox.State;

namespace StripeSandbox.Faults;

/// <summary>The faults of a sandbox, in the order in which they were added. Safe for concurrent use.</summary>
public sealed class SandboxFaults
{
    private readonly Lock _gate = new();
    private readonly List<ActiveFault> _faults = [];

    internal SandboxFaults()
    {
    }

    /// <summary>All that were added and not removed, used up or not.</summary>
    public IReadOnlyList<ActiveFault> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _faults];
            }
        }
    }

    /// <summary>From now on it happens.</summary>
    /// <exception cref="ArgumentException">A value of the fault is out of its range.</exception>
    public ActiveFault Add(Fault fault)
    {
        fault.Validate();
        var active = new ActiveFault(Ids.New("fault_", 14), fault);
        lock (_gate)
        {
            _faults.Add(active);
        }

        return active;
    }

    /// <summary>It happens no more. What it did stays done: dropped deliveries are not sent, delayed ones come when they are due. False: there is no such fault.</summary>
    public bool Remove(string id)
    {
        lock (_gate)
        {
            return _faults.RemoveAll(fault => fault.Id == id) > 0;
        }
    }

    /// <summary>Removes all.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _faults.Clear();
        }
    }

    /// <summary>The first fault of its kind that fits and strikes.</summary>
    internal T? Strike<T>(Func<T, bool> fits) where T : Fault
    {
        foreach (var active in All)
        {
            if (active.Fault is T fault && fits(fault) && active.Strikes())
            {
                return fault;
            }
        }

        return null;
    }
}
