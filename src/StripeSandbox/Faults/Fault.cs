using System.Text.Json.Serialization;

namespace StripeSandbox.Faults;

/// <summary>
/// Something that goes wrong on purpose, until it is removed or its <see cref="Count"/> is used up. Faults are asked in the
/// order in which they were added; the first that strikes is the one that happens. They live in memory only.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "on")]
[JsonDerivedType(typeof(CallFault), "call")]
[JsonDerivedType(typeof(DeliveryFault), "delivery")]
[JsonDerivedType(typeof(ChargeFault), "charge")]
public abstract record Fault
{
    private protected Fault()
    {
    }

    /// <summary>How many times it strikes. Default: null, every time until it is removed; at least 1.</summary>
    public int? Count { get; init; }

    /// <summary>How likely it is to strike each time that it fits, above 0 and at most 1. Default 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>
    /// Decides, with a <see cref="Probability"/> below 1, which times it strikes. The n-th time that it fits meets the same
    /// fate in every run, whatever else happens. Default 0.
    /// </summary>
    public int Seed { get; init; }

    internal virtual void Validate()
    {
        Require(Count is null or >= 1, $"{nameof(Count)} must be at least 1.");
        Require(Probability is > 0 and <= 1, $"{nameof(Probability)} must lie above 0 and be at most 1.");
    }

    private protected static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ArgumentException(otherwise);
        }
    }
}
