namespace Stripe.Tests.Webhooks;

internal static class EventJson
{
    public static string Of(string dataObject, string apiVersion = "2026-07-29.dahlia", string previous = "{}") =>
        $$"""
        {"id":"evt_1","object":"event","api_version":"{{apiVersion}}","created":1785585600,"livemode":false,
         "pending_webhooks":1,"type":"customer.updated","request":{"id":"req_1","idempotency_key":null},
         "data":{"object":{{dataObject}},"previous_attributes":{{previous}} } }
        """;
}
