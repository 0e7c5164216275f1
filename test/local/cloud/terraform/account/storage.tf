resource "cloudflare_workers_kv_namespace" "cache" {
  account_id = var.account_id
  title      = var.changed ? "tf cache, renamed" : "tf cache"
}

resource "cloudflare_workers_kv" "plain" {
  account_id   = var.account_id
  namespace_id = cloudflare_workers_kv_namespace.cache.id
  key_name     = "a/key with spaces"
  value        = var.changed ? "two" : "one"
}

resource "cloudflare_workers_kv" "described" {
  account_id   = var.account_id
  namespace_id = cloudflare_workers_kv_namespace.cache.id
  key_name     = "described"
  value        = "value"
  metadata     = jsonencode({ made = { by = "terraform" }, n = 1 })
}

resource "cloudflare_d1_database" "plain" {
  account_id = var.account_id
  name       = "tf-plain"
}

resource "cloudflare_d1_database" "replicated" {
  account_id            = var.account_id
  name                  = "tf-replicated"
  primary_location_hint = "weur"
  read_replication      = { mode = var.changed ? "auto" : "disabled" }
}

resource "cloudflare_r2_bucket" "plain" {
  account_id    = var.account_id
  name          = "tf-plain"
  storage_class = var.changed ? "InfrequentAccess" : "Standard"
}

resource "cloudflare_r2_bucket" "european" {
  account_id   = var.account_id
  name         = "tf-european"
  location     = "weur"
  jurisdiction = "eu"
}

resource "cloudflare_r2_bucket_lifecycle" "european" {
  account_id   = var.account_id
  bucket_name  = cloudflare_r2_bucket.european.name
  jurisdiction = cloudflare_r2_bucket.european.jurisdiction
  rules = [
    {
      id                                 = "expire"
      enabled                            = true
      conditions                         = { prefix = "tmp/" }
      delete_objects_transition          = { condition = { type = "Age", max_age = var.changed ? 172800 : 86400 } }
      abort_multipart_uploads_transition = { condition = { type = "Age", max_age = 3600 } }
    },
    {
      id                        = "end"
      enabled                   = false
      conditions                = { prefix = "" }
      delete_objects_transition = { condition = { type = "Date", date = "2031-01-01T00:00:00Z" } }
      storage_class_transitions = [{
        condition     = { type = "Age", max_age = 604800 }
        storage_class = "InfrequentAccess"
      }]
    },
  ]
}
