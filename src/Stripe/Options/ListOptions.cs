namespace Stripe;

/// <summary>Pages run from newest to oldest.</summary>
public class ListOptions : BaseOptions
{
    internal ListOptions()
    {
    }

    /// <summary>Objects per page, 1 to 100; 10 when unset.</summary>
    public long? Limit { get; set; }

    /// <summary>The page of older objects after this id, which is not part of it. Excludes <see cref="EndingBefore"/>.</summary>
    public string? StartingAfter { get; set; }

    /// <summary>The page of newer objects before this id, which is not part of it. Excludes <see cref="StartingAfter"/>.</summary>
    public string? EndingBefore { get; set; }
}
