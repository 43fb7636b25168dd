variable "name" {
  description = "What everything made here is called, and begins with."
  type        = string
  default     = "madang"
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,19}$", var.name))
    error_message = "2 to 20 of a-z, 0-9 and -, a letter first."
  }
}

variable "region" {
  description = "AWS region. Seoul, unless the school is elsewhere."
  type        = string
  default     = "ap-northeast-2"
}

variable "domain" {
  description = "The name that users call, such as api.example.com. It may be bought anywhere."
  type        = string
  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain))
    error_message = "A host name in small letters, without https:// and without a path."
  }
}

variable "certificate_is_issued" {
  description = "false at first; true once the record that the output `certificate_record` names is in the DNS. HTTPS comes with it."
  type        = bool
  default     = false
}

variable "ssh_public_key" {
  description = "The public half of the key that signs in to the host as `ubuntu`: of the person, or of the deploy workflow."
  type        = string
  validation {
    condition     = can(regex("^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp256) [A-Za-z0-9+/=]+", var.ssh_public_key))
    error_message = "One line of a .pub file. A private key has no business here."
  }
}

variable "ssh_networks" {
  description = "Networks that may reach port 22. GitHub's runners have no fixed address: releasing from there takes 0.0.0.0/0, and keys alone sign in."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for network in var.ssh_networks : can(cidrhost(network, 0))])
    error_message = "CIDR blocks, such as 203.0.113.7/32."
  }
}

variable "network" {
  description = "The VPC's addresses: a /16. It is what TRUSTED_PROXIES names."
  type        = string
  default     = "10.20.0.0/16"
  validation {
    condition     = can(cidrhost(var.network, 0)) && endswith(var.network, "/16")
    error_message = "A CIDR block that ends in /16."
  }
}

variable "host_type" {
  description = "EC2 instance type, x86-64. A release runs two webs at once: not under 4 GiB."
  type        = string
  default     = "t3.medium"
}

variable "host_disk" {
  description = "GiB of the host's disk: images and logs."
  type        = number
  default     = 30
  validation {
    condition     = var.host_disk >= 20
    error_message = "At least 20."
  }
}

variable "database_type" {
  description = "RDS instance class."
  type        = string
  default     = "db.t4g.micro"
}

variable "database_storage" {
  description = "GiB of the database at first, and the most that it may grow to."
  type        = object({ first = number, most = number })
  default     = { first = 20, most = 100 }
  validation {
    condition     = var.database_storage.first >= 20 && var.database_storage.most > var.database_storage.first
    error_message = "At least 20, and more at most than at first."
  }
}

variable "database_in_two_zones" {
  description = "A standby in another zone, which takes over within minutes. It doubles what the database costs."
  type        = bool
  default     = false
}

variable "backup_days" {
  description = "How many days of the database can be gone back to, to the second."
  type        = number
  default     = 14
  validation {
    condition     = var.backup_days >= 1 && var.backup_days <= 35
    error_message = "1 to 35."
  }
}

variable "protected" {
  description = "Keeps the database and the balancer from being deleted. Set it to false, and apply, before `terraform destroy`."
  type        = bool
  default     = true
}
