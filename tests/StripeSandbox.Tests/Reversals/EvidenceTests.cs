using StripeSandbox.Tests.Support;

namespace StripeSandbox.Tests.Reversals;

public sealed class EvidenceTests
{
    [Theory]
    [InlineData(false, "winning_evidence", "under_review", "won")]
    [InlineData(false, "losing_evidence", "under_review", "lost")]
    [InlineData(false, "a letter", "under_review", "under_review")]
    [InlineData(false, "escalate_inquiry_evidence", "under_review", "under_review")]
    [InlineData(true, "winning_evidence", "warning_under_review", "warning_closed")]
    [InlineData(true, "losing_evidence", "warning_under_review", "warning_closed")]
    [InlineData(true, "escalate_inquiry_evidence", "warning_under_review", "needs_response")]
    public async Task Evidence_Submitted_DecidesTheCaseSoonAfter(bool inquiry, string text, string first, string then)
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var dispute = await api.DisputeAsync(await api.ChargeAsync(), inquiry ? ", \"inquiry\": true" : "");

        var submitted = await api.PostAsync($"/v1/disputes/{dispute.Id()}", ("evidence[uncategorized_text]", text));
        Assert.Equal((first, text, 1L),
            (submitted.Text("status"), submitted["evidence"]!.Text("uncategorized_text"), submitted["evidence_details"]!.Number("submission_count")));
        Assert.Equal("charge.dispute.updated", (await api.AfterwardsTypesAsync())[^1]);
        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(then, (await api.DisputeAgainAsync(dispute)).Text("status"));
    }

    [Fact]
    public async Task Evidence_Staged_IsSubmittedByALaterCall()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var dispute = await api.DisputeAsync(await api.ChargeAsync());
        await api.RefusedAsync(400, $"/v1/disputes/{dispute.Id()}", ("submit", "true"));
        await api.RefusedAsync(400, $"/v1/disputes/{dispute.Id()}", ("evidence[receipt]", "file_1"));

        var named = await api.PostAsync($"/v1/disputes/{dispute.Id()}", ("metadata[org]", "7"));
        var staged = await api.PostAsync($"/v1/disputes/{dispute.Id()}", ("evidence[customer_name]", "Jo"), ("submit", "false"));
        var submitted = await api.PostAsync($"/v1/disputes/{dispute.Id()}", ("submit", "true"));

        Assert.Equal(("needs_response", "7"), (named.Text("status"), named["metadata"]!.Text("org")));
        Assert.Equal(("needs_response", true, 0L),
            (staged.Text("status"), staged["evidence_details"]!.Flag("has_evidence"), staged["evidence_details"]!.Number("submission_count")));
        Assert.Equal(("under_review", "Jo"), (submitted.Text("status"), submitted["evidence"]!.Text("customer_name")));
        await api.RefusedAsync(400, $"/v1/disputes/{dispute.Id()}", ("evidence[customer_name]", "Joe"));
        Assert.Equal("won", (await api.DecideAsync(dispute, "win")).Ok().Text("status"));
    }

    [Theory]
    [InlineData("", 9, "lost")]
    [InlineData(", \"inquiry\": true", 120, "warning_closed")]
    public async Task Dispute_NeverAnswered_EndsWhenTheTimeIsUp(string more, int days, string status)
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var api = sandbox.NewAccount();
        var dispute = await api.DisputeAsync(await api.ChargeAsync(), more);
        Assert.Equal(days * 86400, dispute["evidence_details"]!.Number("due_by") - dispute.Number("created"));

        await sandbox.AdvanceToAsync(dispute["evidence_details"]!.Number("due_by") - 60);
        Assert.Equal(dispute.Text("status"), (await api.DisputeAgainAsync(dispute)).Text("status"));
        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(status, (await api.DisputeAgainAsync(dispute)).Text("status"));
        Assert.Equal("charge.dispute.closed", (await api.EventTypesAsync())[^1]);
    }
}
