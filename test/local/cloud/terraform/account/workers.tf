resource "cloudflare_worker" "gradual" {
  account_id = var.account_id
  name       = "tf-gradual"
  tags       = ["b", var.changed ? "c" : "a"]
  logpush    = var.changed
  subdomain  = { enabled = true }
  observability = {
    enabled            = true
    head_sampling_rate = 0.1
    logs               = { enabled = true }
    traces             = { enabled = var.changed }
  }

  # Its version is bound to it, and nothing but the Worker's end ends a version.
  depends_on = [cloudflare_workers_script.backend]
}

resource "cloudflare_worker" "plain" {
  account_id = var.account_id
  name       = "tf-plain"
}

resource "cloudflare_worker_version" "first" {
  account_id          = var.account_id
  worker_id           = cloudflare_worker.gradual.id
  compatibility_date  = "2025-06-01"
  compatibility_flags = ["nodejs_compat"]
  main_module         = "script.js"
  modules = [{
    name         = "script.js"
    content_file = "${path.module}/script.js"
    content_type = "application/javascript+module"
  }]
  migrations  = { new_tag = "v1", new_sqlite_classes = ["Counter"] }
  annotations = { workers_message = "the first", workers_tag = "one" }
  limits      = { cpu_ms = 50 }
  bindings = [
    { name = "SECRET", type = "secret_text", text = "a secret" },
    { name = "CACHE", type = "kv_namespace", namespace_id = cloudflare_workers_kv_namespace.cache.id },
    { name = "COLOUR", type = "plain_text", text = "red" },
    { name = "DB", type = "d1", id = cloudflare_d1_database.plain.id },
    { name = "BUCKET", type = "r2_bucket", bucket_name = cloudflare_r2_bucket.plain.name },
    { name = "COUNTER", type = "durable_object_namespace", class_name = "Counter" },
    { name = "BACKEND", type = "service", service = cloudflare_workers_script.backend.script_name, environment = "production" },
    { name = "LIMITS", type = "json", json = jsonencode({ most = 3 }) },
  ]

  # The API never gives migrations back, and the provider would have another version for it at every plan.
  lifecycle {
    ignore_changes = [migrations]
  }
}

resource "cloudflare_worker_version" "plain" {
  account_id  = var.account_id
  worker_id   = cloudflare_worker.plain.id
  main_module = "index.js"
  modules = [{
    name           = "index.js"
    content_base64 = base64encode(var.changed ? "export default { fetch: () => new Response('two') }" : "export default { fetch: () => new Response('one') }")
    content_type   = "application/javascript+module"
  }]
}

resource "cloudflare_workers_deployment" "first" {
  account_id  = var.account_id
  script_name = cloudflare_worker.gradual.name
  strategy    = "percentage"
  versions    = [{ version_id = cloudflare_worker_version.first.id, percentage = 100 }]
  annotations = { workers_message = "by terraform" }
}

resource "cloudflare_workers_deployment" "plain" {
  account_id  = var.account_id
  script_name = cloudflare_worker.plain.name
  strategy    = "percentage"
  versions    = [{ version_id = cloudflare_worker_version.plain.id, percentage = 100 }]
}
