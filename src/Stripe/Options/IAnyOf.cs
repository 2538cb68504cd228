namespace Stripe;

internal interface IAnyOf
{
    object? Value { get; }
}
