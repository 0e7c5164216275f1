resource "cloudflare_workers_script" "backend" {
  account_id  = var.account_id
  script_name = "tf-backend"
  content     = file("${path.module}/backend.js")
  main_module = "backend.js"
}

resource "cloudflare_workers_script" "shop" {
  account_id          = var.account_id
  script_name         = "tf-shop"
  content_file        = "${path.module}/script.js"
  content_sha256      = filesha256("${path.module}/script.js")
  main_module         = "script.js"
  compatibility_date  = "2025-06-01"
  compatibility_flags = ["nodejs_compat"]
  logpush             = false

  # In an order that is not the one of their names, and secrets in between.
  bindings = [
    { name = "SECRET", type = "secret_text", text = var.changed ? "another secret" : "a secret" },
    { name = "CACHE", type = "kv_namespace", namespace_id = cloudflare_workers_kv_namespace.cache.id },
    { name = "COLOUR", type = "plain_text", text = var.changed ? "green" : "red" },
    { name = "DB", type = "d1", id = cloudflare_d1_database.plain.id },
    { name = "BUCKET", type = "r2_bucket", bucket_name = cloudflare_r2_bucket.european.name, jurisdiction = "eu" },
    { name = "COUNTER", type = "durable_object_namespace", class_name = "Counter" },
    { name = "BACKEND", type = "service", service = cloudflare_workers_script.backend.script_name },
    { name = "LIMITS", type = "json", json = jsonencode({ most = 3 }) },
    { name = "VERSION", type = "version_metadata" },
  ]

  migrations = {
    old_tag            = var.changed ? "v1" : null
    new_tag            = "v1"
    new_sqlite_classes = var.changed ? [] : ["Counter"]
  }

  observability = {
    enabled            = true
    head_sampling_rate = 0.5
    logs               = { enabled = true, invocation_logs = false }
  }

  limits         = { cpu_ms = 50 }
  tail_consumers = [{ service = cloudflare_workers_script.backend.script_name }]
}

resource "cloudflare_workers_cron_trigger" "shop" {
  account_id  = var.account_id
  script_name = cloudflare_workers_script.shop.script_name
  schedules   = [{ cron = "*/30 * * * *" }, { cron = var.changed ? "0 4 * * 1" : "0 3 * * 1" }]
}

resource "cloudflare_workers_script_subdomain" "shop" {
  account_id       = var.account_id
  script_name      = cloudflare_workers_script.shop.script_name
  enabled          = true
  previews_enabled = var.changed
}

resource "cloudflare_workers_route" "shop" {
  zone_id = data.cloudflare_zone.example.zone_id
  pattern = var.changed ? "example.com/tf/more/*" : "example.com/tf/*"
  script  = cloudflare_workers_script.shop.script_name
}

resource "cloudflare_workers_route" "none" {
  zone_id = data.cloudflare_zone.example.zone_id
  pattern = "example.com/tf/not/*"
}

resource "cloudflare_workers_custom_domain" "shop" {
  account_id = var.account_id
  hostname   = "tf.example.com"
  service    = var.changed ? cloudflare_workers_script.backend.script_name : cloudflare_workers_script.shop.script_name
  zone_id    = data.cloudflare_zone.example.zone_id
}
