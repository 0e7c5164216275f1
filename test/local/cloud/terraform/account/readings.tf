data "cloudflare_workers_kv_namespace" "cache" {
  account_id   = var.account_id
  namespace_id = cloudflare_workers_kv_namespace.cache.id
}

data "cloudflare_workers_kv_namespaces" "all" {
  account_id = var.account_id
  depends_on = [cloudflare_workers_kv_namespace.cache]
}

data "cloudflare_workers_kv" "described" {
  account_id   = var.account_id
  namespace_id = cloudflare_workers_kv_namespace.cache.id
  key_name     = cloudflare_workers_kv.described.key_name
}

data "cloudflare_d1_database" "plain" {
  account_id  = var.account_id
  database_id = cloudflare_d1_database.plain.id
}

data "cloudflare_d1_databases" "named" {
  account_id = var.account_id
  name       = cloudflare_d1_database.plain.name
}

data "cloudflare_r2_bucket" "plain" {
  account_id  = var.account_id
  bucket_name = cloudflare_r2_bucket.plain.name
}

data "cloudflare_r2_bucket_lifecycle" "plain" {
  account_id  = var.account_id
  bucket_name = cloudflare_r2_bucket.plain.name
}

data "cloudflare_worker" "gradual" {
  account_id = var.account_id
  worker_id  = cloudflare_worker.gradual.id
}

data "cloudflare_workers" "all" {
  account_id = var.account_id
  depends_on = [cloudflare_worker.gradual]
}

data "cloudflare_worker_version" "first" {
  account_id = var.account_id
  worker_id  = cloudflare_worker.gradual.id
  version_id = cloudflare_worker_version.first.id
  include    = "modules"
}

data "cloudflare_worker_versions" "gradual" {
  account_id = var.account_id
  worker_id  = cloudflare_worker_version.first.worker_id
}

data "cloudflare_workers_deployment" "first" {
  account_id    = var.account_id
  script_name   = cloudflare_worker.gradual.name
  deployment_id = cloudflare_workers_deployment.first.id
}

data "cloudflare_workers_scripts" "all" {
  account_id = var.account_id
  depends_on = [cloudflare_workers_script.shop]
}

data "cloudflare_workers_cron_trigger" "shop" {
  account_id  = var.account_id
  script_name = cloudflare_workers_cron_trigger.shop.script_name
}

data "cloudflare_workers_script_subdomain" "shop" {
  account_id  = var.account_id
  script_name = cloudflare_workers_script_subdomain.shop.script_name
}

data "cloudflare_workers_route" "shop" {
  zone_id  = data.cloudflare_zone.example.zone_id
  route_id = cloudflare_workers_route.shop.id
}

data "cloudflare_workers_routes" "all" {
  zone_id    = data.cloudflare_zone.example.zone_id
  depends_on = [cloudflare_workers_route.shop]
}

data "cloudflare_workers_custom_domain" "shop" {
  account_id = var.account_id
  domain_id  = cloudflare_workers_custom_domain.shop.id
}

data "cloudflare_workers_custom_domains" "all" {
  account_id = var.account_id
  hostname   = cloudflare_workers_custom_domain.shop.hostname
}

data "cloudflare_notification_policy" "usage" {
  account_id = var.account_id
  policy_id  = cloudflare_notification_policy.usage.id
}

data "cloudflare_notification_policies" "all" {
  account_id = var.account_id
  depends_on = [cloudflare_notification_policy.usage]
}

data "cloudflare_notification_policy_webhooks" "ops" {
  account_id = var.account_id
  webhook_id = cloudflare_notification_policy_webhooks.ops.id
}

data "cloudflare_notification_policy_webhooks_list" "all" {
  account_id = var.account_id
  depends_on = [cloudflare_notification_policy_webhooks.ops]
}
