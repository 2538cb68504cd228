namespace Stripe.Tests.Api;

/// <param name="Name">Service and method.</param>
/// <param name="Verb">The HTTP method.</param>
/// <param name="Path">The path, with <c>ID</c> for each id.</param>
/// <param name="Options">The type of its parameters.</param>
/// <param name="Result">The type of its answer.</param>
internal sealed record Operation(string Name, string Verb, string Path, Type Options, Type Result);
