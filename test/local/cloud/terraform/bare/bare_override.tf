resource "cloudflare_notification_policy_webhooks" "ops" {
  secret = null
}

resource "cloudflare_notification_policy" "usage" {
  description = null
  mechanisms  = { email = [{ id = "a@example.com" }] }
  filters     = { product = ["worker_requests"] }
}

resource "cloudflare_workers_script" "shop" {
  observability  = null
  tail_consumers = null
}

resource "cloudflare_workers_route" "shop" {
  script = null
}
