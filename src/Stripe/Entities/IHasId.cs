namespace Stripe;

/// <summary>An object that can be referred to, and serve as the cursor of a list.</summary>
internal interface IHasId
{
    string Id { get; }
}
