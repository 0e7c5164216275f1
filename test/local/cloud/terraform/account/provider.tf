terraform {
  required_providers {
    cloudflare = {
      source  = "cloudflare/cloudflare"
      version = ">= 5.21"
    }
  }
}

# The address, the token: from the environment, as on a real account.
provider "cloudflare" {}

variable "account_id" {
  type = string
}

# What differs between the first apply and the second.
variable "changed" {
  type    = bool
  default = false
}
