namespace Billing.Setup.Steps;

/// <summary>Makes an archived product of a plan that is sold active again: neither checkout nor portal sells the prices of another.</summary>
internal sealed record ReviveProduct(string Id, string Plan) : Step(StepAction.Update, "product", Id, $"it is archived and the catalog sells {Plan}")
{
    public override Task ApplyAsync(SetupRun run, CancellationToken cancellationToken) => new Stripe.ProductService(run.Stripe).UpdateAsync(
        Id, new Stripe.ProductUpdateOptions { Active = true }, cancellationToken: cancellationToken);
}

/// <summary>Gives a product another default price, since Stripe archives no price that is one.</summary>
/// <param name="Id">Of the product.</param>
/// <param name="Price">The catalog's name of the price that becomes it, which is sold by then.</param>
internal sealed record MoveDefaultPrice(string Id, string Price) : Step(
    StepAction.Update, "product", Id, $"its default price is sold no more; {Price} becomes it")
{
    public override Task ApplyAsync(SetupRun run, CancellationToken cancellationToken) => new Stripe.ProductService(run.Stripe).UpdateAsync(
        Id, new Stripe.ProductUpdateOptions { DefaultPrice = run.Sold[Price].Id }, cancellationToken: cancellationToken);
}

/// <summary>Takes a product off sale whose default price the catalog sells no more and that has no other to put in its place.</summary>
internal sealed record ArchiveProduct(string Id) : Step(StepAction.Archive, "product", Id, "the catalog sells none of its prices any more; those who pay one go on")
{
    public override Task ApplyAsync(SetupRun run, CancellationToken cancellationToken) => new Stripe.ProductService(run.Stripe).UpdateAsync(
        Id, new Stripe.ProductUpdateOptions { Active = false }, cancellationToken: cancellationToken);
}
