namespace Billing.Doctor;

internal enum Severity
{
    /// <summary>It works, and should not stay so.</summary>
    Warning,

    /// <summary>Customers will notice, or notice already.</summary>
    Error,
}

/// <summary>A kind of misconfiguration; <see cref="FindingKinds"/> has them all.</summary>
/// <param name="Code">Stable: scripts and alerts may rely on it.</param>
/// <param name="Severity">The same for every finding of the kind.</param>
/// <param name="Fix">What mends it, a sentence.</param>
internal sealed record FindingKind(string Code, Severity Severity, string Fix)
{
    /// <param name="wrong">What is wrong, a sentence with names and numbers and no secret.</param>
    public Finding Found(string wrong) => new(this, wrong);
}

/// <summary>One thing that is wrong with the configuration, here or at Stripe or in the database.</summary>
internal sealed record Finding(FindingKind Kind, string Wrong);
