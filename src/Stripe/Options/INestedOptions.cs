namespace Stripe;

/// <summary>Marks a class whose properties are parameters, so that the encoder descends into it.</summary>
internal interface INestedOptions;
