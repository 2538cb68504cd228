namespace Billing.Tests.Chaos;

/// <summary>What a seed decides for both of its runs: when its rounds are, and how bad the deliveries of the disturbed one get.</summary>
internal sealed class ChaosSeed
{
    public const int Orgs = 3;
    public const int Rounds = 7;

    /// <summary>Before this long, what is dropped is gone for good: Stripe lists events for 30 days.</summary>
    private static readonly TimeSpan Listed = TimeSpan.FromDays(29);

    private static readonly DateTimeOffset FirstDay = new(2026, 1, 26, 0, 0, 0, TimeSpan.Zero);

    private readonly int[] _days = new int[Rounds + 1];

    public ChaosSeed(int number)
    {
        Number = number;
        var random = new Random(number);
        _days[0] = random.Next(10);
        for (var round = 1; round <= Rounds; round++)
        {
            _days[round] = _days[round - 1] + random.Next(12) switch { 0 => 0, 11 => 25, var days => days };
        }
        (Drop, Duplicate, Delay, Reorder) = (Level(random), Level(random), Level(random), Level(random));
        IsLossless = number % 3 == 0;
        TrialDays = number % 5 == 0 ? 14 : 0;
    }

    public int Number { get; }

    /// <summary>Whether every delivery arrives in the end: then nothing is reconciled, and it must come out right all the same.</summary>
    public bool IsLossless { get; }

    /// <summary>Of one of the plans.</summary>
    public int TrialDays { get; }

    /// <summary>Probabilities.</summary>
    public double Drop { get; }

    public double Duplicate { get; }

    public double Delay { get; }

    public double Reorder { get; }

    /// <summary>
    /// When a round begins; the one after the last is the reconciliation. Each at another time of day, as what a round begins comes due at
    /// its time of day again: the runs, which take different seconds for a round, could otherwise differ in what comes first.
    /// </summary>
    public DateTimeOffset At(int round) => FirstDay.AddDays(_days[round]).AddMinutes(5 + 97 * round);

    /// <summary>When everything is compared: later than any delay, and than credits outlive their month.</summary>
    public DateTimeOffset End => At(Rounds).AddDays(5);

    public bool MayDrop(int round) => !IsLossless && At(round) >= At(Rounds) - Listed;

    public Random OfOrg(int org) => new(Number * 1000 + org);

    private static double Level(Random random) => random.Next(4) switch { 0 => 0.05, 1 => 0.2, 2 => 0.5, _ => 0.8 };
}
