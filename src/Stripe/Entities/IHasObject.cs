namespace Stripe;

/// <summary>An object that says what it is.</summary>
public interface IHasObject
{
    /// <summary>The name of the type on the wire, such as <c>checkout.session</c>.</summary>
    string Object { get; set; }
}
