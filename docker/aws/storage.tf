data "aws_caller_identity" "me" {}

# --- Pictures --------------------------------------------------------------------------------------------
resource "aws_s3_bucket" "pictures" {
  bucket = "${var.name}-pictures-${data.aws_caller_identity.me.account_id}"
}

resource "aws_s3_bucket_public_access_block" "pictures" {
  bucket                  = aws_s3_bucket.pictures.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "pictures" {
  bucket = aws_s3_bucket.pictures.id
  rule {
    apply_server_side_encryption_by_default { sse_algorithm = "AES256" }
  }
}

resource "aws_s3_bucket_versioning" "pictures" {
  bucket = aws_s3_bucket.pictures.id
  versioning_configuration { status = "Enabled" }
}

# Who deletes a picture is promised that it goes: a week is for mishaps, no longer.
resource "aws_s3_bucket_lifecycle_configuration" "pictures" {
  bucket = aws_s3_bucket.pictures.id
  rule {
    id     = "forget"
    status = "Enabled"
    filter {}
    noncurrent_version_expiration { noncurrent_days = 7 }
    abort_incomplete_multipart_upload { days_after_initiation = 1 }
  }
  depends_on = [aws_s3_bucket_versioning.pictures]
}

# --- Database --------------------------------------------------------------------------------------------
resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = aws_subnet.private[*].id
}

# docker/mysql/madang.cnf, in RDS's words.
resource "aws_db_parameter_group" "this" {
  name   = "${var.name}-mysql84"
  family = "mysql8.4"
  dynamic "parameter" {
    for_each = {
      character_set_server  = "utf8mb4"
      collation_server      = "utf8mb4_unicode_ci"
      transaction_isolation = "READ-COMMITTED"
      # The driver asks for no TLS: the way from the host stays inside the VPC.
      require_secure_transport = "0"
      wait_timeout             = "600"
    }
    content {
      name  = parameter.key
      value = parameter.value
    }
  }
}

resource "aws_db_instance" "this" {
  identifier                      = var.name
  engine                          = "mysql"
  engine_version                  = "8.4"
  instance_class                  = var.database_type
  db_name                         = "madang"
  username                        = "administrator"
  manage_master_user_password     = true # RDS makes it and keeps it in Secrets Manager: it is in no file of ours
  parameter_group_name            = aws_db_parameter_group.this.name
  db_subnet_group_name            = aws_db_subnet_group.this.name
  vpc_security_group_ids          = [aws_security_group.database.id]
  publicly_accessible             = false
  multi_az                        = var.database_in_two_zones
  storage_type                    = "gp3"
  allocated_storage               = var.database_storage.first
  max_allocated_storage           = var.database_storage.most
  storage_encrypted               = true
  backup_retention_period         = var.backup_days
  backup_window                   = "18:00-18:30" # 03:00 in Korea
  maintenance_window              = "sun:19:00-sun:19:30"
  auto_minor_version_upgrade      = true
  copy_tags_to_snapshot           = true
  enabled_cloudwatch_logs_exports = ["error"]
  deletion_protection             = var.protected
  final_snapshot_identifier       = "${var.name}-last"
}
