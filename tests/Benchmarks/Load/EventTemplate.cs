using System.Text;

namespace Benchmarks.Load;

/// <summary>
/// The body of an event with gaps of fixed width for what differs: filling them in costs the sender next to nothing, and every body has
/// the same length.
/// </summary>
internal sealed class EventTemplate
{
    private readonly List<Gap> _gaps = [];

    public EventTemplate(EventCourse course)
    {
        var text = Resource.Read("subscription-updated.json");
        Body = Encoding.ASCII.GetBytes(text);
        // As wide as their names. JSON allows the spaces that a shorter value leaves.
        AddGaps(text, "@SUB@", (gap, subscription, _) => Digits.Write(gap, subscription));
        AddGaps(text, "@SEQNO@", (gap, _, number) => Digits.Write(gap, number));
        AddGaps(text, "@CREATED_@", (gap, _, number) => Digits.Write(gap, course.CreatedAt(number)));
        AddGaps(text, "@PERIODBEG", (gap, _, _) => Digits.Write(gap, course.PeriodStart));
        AddGaps(text, "@PERIODEND", (gap, _, number) => Digits.Write(gap, course.PeriodEnd(number)));
        AddGaps(text, "@CANCELAT@", (gap, _, number) => NumberOrNull(gap, EventCourse.IsCancelling(number) ? course.PeriodEnd(number) : null));
        AddGaps(text, "@FLAG", (gap, _, number) => Truth(gap, EventCourse.IsCancelling(number)));
        AddGaps(text, "@WAS_", (gap, _, number) => Truth(gap, !EventCourse.IsCancelling(number)));
    }

    private delegate void Filling(Span<byte> gap, int subscription, int number);

    /// <summary>With its gaps not filled in.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <param name="body">A copy of <see cref="Body"/>, whatever its gaps hold.</param>
    /// <param name="subscription">1 to <see cref="EventCourse.Subscriptions"/>.</param>
    /// <param name="number">Of the event in the course of its subscription.</param>
    public void Fill(Span<byte> body, int subscription, int number)
    {
        foreach (var gap in _gaps)
        {
            gap.Fill(body.Slice(gap.Start, gap.Width), subscription, number);
        }
    }

    private void AddGaps(string text, string name, Filling fill)
    {
        for (var at = text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at + 1, StringComparison.Ordinal))
        {
            _gaps.Add(new(at, name.Length, fill));
        }
    }

    private static void NumberOrNull(Span<byte> gap, long? value)
    {
        if (value is { } number)
        {
            Digits.Write(gap, number);
            return;
        }
        gap.Fill((byte)' ');
        "null"u8.CopyTo(gap);
    }

    private static void Truth(Span<byte> gap, bool value)
    {
        gap.Fill((byte)' ');
        (value ? "true"u8 : "false"u8).CopyTo(gap);
    }

    private sealed record Gap(int Start, int Width, Filling Fill);
}
