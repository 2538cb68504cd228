namespace Billing.Tests.Chaos;

/// <summary>A payment of an org's that money goes back of, or may.</summary>
internal sealed class Bought(string label, string payment, long paid)
{
    /// <summary>The same in both runs.</summary>
    public string Label => label;

    public string Payment => payment;

    /// <summary>What it brought, if that is known to be booked.</summary>
    public long Credits { get; init; }

    /// <summary>Whether a refund of it fails a minute later.</summary>
    public bool RefundsFail { get; init; }

    /// <summary>What was refunded of it, in minor units.</summary>
    public long Refunded { get; set; }

    public long Left => paid - Refunded;

    public string? Dispute { get; set; }

    public bool IsUntouched => Refunded == 0 && Dispute is null;
}
