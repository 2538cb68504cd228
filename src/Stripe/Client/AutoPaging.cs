using System.Runtime.CompilerServices;

namespace Stripe;

internal static class AutoPaging
{
    /// <summary>
    /// Lists every object behind <paramref name="path"/>, a page at a time as the caller reads on. With
    /// <see cref="ListOptions.EndingBefore"/> set it walks towards newer objects. The caller's options are left as they are.
    /// </summary>
    public static async IAsyncEnumerable<T> ListAllAsync<T>(
        this IStripeClient client,
        string path,
        ListOptions? options,
        RequestOptions? requestOptions,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : StripeEntity<T>, IHasId
    {
        var newerFirst = options?.EndingBefore is null;
        var parameters = FormEncoder.Flatten(options);
        while (true)
        {
            var page = await client.RequestAsync<StripeList<T>>(
                HttpMethod.Get, path, parameters, requestOptions, cancellationToken);
            if (!newerFirst)
            {
                page.Data.Reverse();
            }

            foreach (var item in page.Data)
            {
                yield return item;
            }

            // An empty page has no cursor to go on from, whatever has_more says.
            if (!page.HasMore || page.Data is [])
            {
                yield break;
            }

            parameters = parameters
                .Without("starting_after", "ending_before")
                .With(newerFirst ? "starting_after" : "ending_before", page.Data[^1].Id);
        }
    }
}
