namespace Benchmarks.Results;

/// <summary>What was measured, and where.</summary>
internal sealed record Setting(
    DateTimeOffset At, int Processors, string Runtime, string PostgreSql, bool IsInMemory, int BodyBytes, double SecondsPerTurn, int Rounds);
