namespace Billing.Persistence;

/// <summary>
/// One run of the reconciler and how far it got: whoever goes on after a crash goes on there. At most one per actor, scope and kind is
/// unfinished; a unique index holds that.
/// </summary>
internal sealed class ReconciliationRun
{
    /// <summary>The scope of a run over everything; no org can be called that.</summary>
    public const string Everything = "*";

    /// <summary>The phase of a run that went through everything; one that was given up keeps its last phase.</summary>
    public const string Done = "done";

    public required Guid Id { get; init; }

    /// <summary>Who runs it, such as <c>cli</c>; its repairs are audited under this name.</summary>
    public required string Actor { get; init; }

    /// <summary>An org's id, or <see cref="Everything"/>.</summary>
    public required string Scope { get; init; }

    public required bool Repair { get; init; }

    /// <summary>By the database's clock, as are the other times that Stripe has no part in.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Which of Stripe's events are compared, by Stripe's clock; both ends included.</summary>
    public required DateTimeOffset EventsFrom { get; init; }

    public required DateTimeOffset EventsTo { get; init; }

    /// <summary>Checkout sessions that Stripe made since then, and not after the events, are compared.</summary>
    public required DateTimeOffset SessionsFrom { get; init; }

    /// <summary>What is being compared; null before the first page.</summary>
    public string? Phase { get; set; }

    /// <summary>After which object of the phase it goes on; null: from its beginning.</summary>
    public string? Cursor { get; set; }

    public long Found { get; set; }

    public long Repaired { get; set; }

    public required DateTimeOffset AdvancedAt { get; init; }

    /// <summary>Until when the run belongs to the holder of <see cref="LeaseFence"/>.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }

    public long LeaseFence { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public bool IsDone => Phase == Done;

    /// <summary>The one org that it is about, or null.</summary>
    public string? OrgId => Scope == Everything ? null : Scope;
}
