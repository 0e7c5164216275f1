data "cloudflare_accounts" "all" {}

data "cloudflare_account" "own" {
  account_id = var.account_id
}

data "cloudflare_user" "own" {}

data "cloudflare_zones" "all" {
  account = { id = var.account_id }
}

data "cloudflare_zone" "example" {
  filter = { name = "example.com" }
}
