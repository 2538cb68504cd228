namespace Billing.Doctor;

/// <summary>What a check asks, so that a silent one is asked once and not by every check.</summary>
internal enum Source
{
    Configuration,
    Stripe,
    Database,
}

/// <summary>A family of checks. Reads only. What its source throws is a finding, too, which the <see cref="Checkup"/> makes.</summary>
internal interface ICheck
{
    Source Source { get; }

    /// <summary>What it looks at, as in "the key may not read ...".</summary>
    string Subject { get; }

    Task<IReadOnlyList<Finding>> FindAsync(CancellationToken cancellationToken);
}
