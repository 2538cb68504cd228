namespace Billing.Setup.Steps;

internal enum StepAction
{
    Leave,
    Create,
    Update,
    Archive,
    Delete,
}

/// <summary>One thing that a set-up makes, changes or leaves. Made by comparing only; nothing happens before <see cref="ApplyAsync"/>.</summary>
/// <param name="Action">What is done.</param>
/// <param name="Kind">To what kind of object, in words.</param>
/// <param name="Name">To which one: its lookup key, its id or its URL.</param>
/// <param name="Why">What there is and what is wanted, in a sentence without its full stop.</param>
internal abstract record Step(StepAction Action, string Kind, string Name, string Why)
{
    /// <summary>At most one call of Stripe, or two where the second only says that the first is done.</summary>
    /// <exception cref="Stripe.StripeException">Stripe refused; the next run begins with what there is by then.</exception>
    public abstract Task ApplyAsync(SetupRun run, CancellationToken cancellationToken);
}

/// <summary>Nothing is done, and this is why.</summary>
internal sealed record LeaveAlone(string Kind, string Name, string Why) : Step(StepAction.Leave, Kind, Name, Why)
{
    public override Task ApplyAsync(SetupRun run, CancellationToken cancellationToken) => Task.CompletedTask;
}
