using System.Reflection;
using System.Text.RegularExpressions;
using Billing.Tests.World;
using Microsoft.Extensions.Logging;

namespace Billing.Tests.Telemetry;

/// <summary>docs/operations.md names every instrument and every error in the log, and nothing that there is not.</summary>
public sealed partial class OperationsDocTests
{
    private static readonly string Document = File.ReadAllText(Repository.PathOf("docs/operations.md"));

    [Fact]
    public void Instruments_AreAllInTheDocument_WithTheirUnit_AndNoOthers()
    {
        var exist = Instruments.All().Select(instrument => (instrument.Name, instrument.Unit)).Order().ToList();
        var named = MetricRows().Matches(Document).Select(row => (row.Groups["name"].Value, (string?)row.Groups["unit"].Value)).Order().ToList();

        Assert.True(exist.Count > 10);
        Assert.Equal(exist, named);
        Assert.Empty(MetricNames().Matches(Document).Select(name => name.Value.Trim('`')).Except(exist.Select(instrument => instrument.Name)));
    }

    [Fact]
    public void Instruments_BelongToOneMeter()
    {
        Assert.All(Instruments.All(), instrument => Assert.Equal("Billing", instrument.Meter.Name));
    }

    [Fact]
    public void Errors_OfTheLog_AreAllInTheDocument_AndNoOthers()
    {
        var messages = (from type in typeof(BillingApp).Assembly.GetTypes()
                        from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
                        let message = method.GetCustomAttribute<LoggerMessageAttribute>()
                        where message is not null
                        select (message.Level, message.Message)).Distinct().ToList();
        var named = LogRows().Matches(Document).Select(row => (Level: Enum.Parse<LogLevel>(row.Groups["level"].Value, true), Message: row.Groups["message"].Value)).ToList();

        Assert.True(named.Count > 20);
        Assert.Empty(named.Except(messages));
        Assert.Empty(messages.Where(message => message.Level is LogLevel.Error or LogLevel.Critical).Except(named));
    }

    [GeneratedRegex(@"^\| `(?<name>billing\.[a-z_.]+)` \| `(?<unit>[^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex MetricRows();

    [GeneratedRegex(@"`billing\.[a-z_]+(\.[a-z_]+)*`")]
    private static partial Regex MetricNames();

    [GeneratedRegex(@"^\| (?<level>error|warning) \| `(?<message>[^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex LogRows();
}
