using Billing.Catalog;

namespace Billing.Setup.Steps;

/// <summary>A price for a catalog entry that has none, with the product if the plan has none; it takes the lookup key from whoever holds it.</summary>
internal sealed record CreatePrice(CatalogEntry Entry, string? ProductId, string Why) : Step(StepAction.Create, "price", Entry.Price.Name, Why)
{
    public override async Task ApplyAsync(SetupRun run, CancellationToken cancellationToken)
    {
        var options = new Stripe.PriceCreateOptions
        {
            LookupKey = Entry.Price.LookupKey,
            TransferLookupKey = true, // also from one that was archived
            UnitAmount = Entry.Price.Amount,
            Currency = Entry.Price.Currency,
            Recurring = new Stripe.PriceRecurringOptions { Interval = Entry.StripeInterval },
            Metadata = new() { [Marks.Plan] = Entry.Plan },
        };
        if ((ProductId ?? run.Products.GetValueOrDefault(Entry.Plan)) is { } product)
        {
            options.Product = product;
        }
        else
        {
            // In the same call as its price: an interruption leaves no product without one, which the next run could not find.
            options.ProductData = new Stripe.PriceProductDataOptions { Name = char.ToUpperInvariant(Entry.Plan[0]) + Entry.Plan[1..] };
        }
        var made = await new Stripe.PriceService(run.Stripe).CreateAsync(options, cancellationToken: cancellationToken);
        run.Products[Entry.Plan] = made.ProductId;
        run.Sold[Entry.Price.Name] = made;
    }
}

/// <summary>A price that is as the catalog says.</summary>
internal sealed record LeavePrice(CatalogEntry Entry, Stripe.Price Price) : Step(
    StepAction.Leave, "price", Entry.Price.Name, $"{Price.Id} charges what the catalog says")
{
    public override Task ApplyAsync(SetupRun run, CancellationToken cancellationToken)
    {
        run.Sold[Entry.Price.Name] = Price;
        return Task.CompletedTask;
    }
}

/// <summary>Makes a price of the catalog active, and marks as ours one that has a lookup key of the catalog.</summary>
internal sealed record MendPrice(CatalogEntry Entry, Stripe.Price Price, bool IsSold, string Why) : Step(StepAction.Update, "price", Entry.Price.Name, Why)
{
    public override async Task ApplyAsync(SetupRun run, CancellationToken cancellationToken)
    {
        var options = new Stripe.PriceUpdateOptions();
        if (Entry.Price.LookupKey.Length > 0)
        {
            options.Metadata = new() { [Marks.Plan] = Entry.Plan };
        }
        if (IsSold)
        {
            options.Active = true;
        }
        var mended = await new Stripe.PriceService(run.Stripe).UpdateAsync(Price.Id, options, cancellationToken: cancellationToken);
        if (IsSold)
        {
            run.Sold[Entry.Price.Name] = mended;
        }
    }
}

/// <summary>Takes a price off sale. Subscriptions to it go on, and so does what they bring (FACTS B.2).</summary>
internal sealed record ArchivePrice(Stripe.Price Price, string Why) : Step(StepAction.Archive, "price", Price.LookupKey ?? Price.Id, Why)
{
    public override Task ApplyAsync(SetupRun run, CancellationToken cancellationToken) => new Stripe.PriceService(run.Stripe).UpdateAsync(
        Price.Id, new Stripe.PriceUpdateOptions { Active = false }, cancellationToken: cancellationToken);
}
