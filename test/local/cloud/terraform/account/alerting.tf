resource "cloudflare_notification_policy_webhooks" "ops" {
  account_id = var.account_id
  name       = var.changed ? "tf ops, renamed" : "tf ops"
  url        = "https://hooks.slack.com/services/T000/B000"
  secret     = "kept"
}

resource "cloudflare_notification_policy" "usage" {
  account_id  = var.account_id
  name        = "tf usage"
  description = var.changed ? "another description" : "a description"
  alert_type  = "billing_usage_alert"
  enabled     = true
  mechanisms = {
    email    = [{ id = "b@example.com" }, { id = "a@example.com" }]
    webhooks = [{ id = cloudflare_notification_policy_webhooks.ops.id }]
  }
  filters = { product = ["worker_requests"], limit = ["100"] }
}
