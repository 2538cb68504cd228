namespace StripeSandbox.Faults;

/// <summary>A fault that was added, and what it did. Safe for concurrent use.</summary>
public sealed class ActiveFault
{
    private readonly Lock _gate = new();
    private int _fitted;
    private int _struck;

    internal ActiveFault(string id, Fault fault) => (Id, Fault) = (id, fault);

    /// <summary>Names it to <see cref="SandboxFaults.Remove"/> and the control API.</summary>
    public string Id { get; }

    /// <summary>As it was added.</summary>
    public Fault Fault { get; }

    /// <summary>How many times it fitted while it could strike.</summary>
    public int Fitted
    {
        get
        {
            lock (_gate)
            {
                return _fitted;
            }
        }
    }

    /// <summary>How many times it happened.</summary>
    public int Struck
    {
        get
        {
            lock (_gate)
            {
                return _struck;
            }
        }
    }

    /// <summary>For something that it fits: whether it happens.</summary>
    internal bool Strikes()
    {
        lock (_gate)
        {
            if (_struck >= Fault.Count || Draw(Fault.Seed, ++_fitted) >= Fault.Probability)
            {
                return false;
            }

            _struck++;
            return true;
        }
    }

    // SplitMix64 over seed and ordinal: the n-th draw depends on nothing that happened before it, nor on the runtime's generator.
    private static double Draw(int seed, int ordinal)
    {
        var mixed = unchecked(((ulong)(uint)seed << 32 | (uint)ordinal) + 0x9E3779B97F4A7C15);
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB);
        return ((mixed ^ (mixed >> 31)) >> 11) / (double)(1UL << 53);
    }
}
