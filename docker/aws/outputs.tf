output "host" {
  description = "What HOST= takes, and DEPLOY_HOST of the workflow."
  value       = "ubuntu@${aws_eip.host.public_ip}"
}

output "host_id" {
  description = "For `aws ssm start-session --target` and `aws ec2 get-console-output --instance-id`."
  value       = aws_instance.host.id
}

output "balancer" {
  description = "What a CNAME record of the domain points to."
  value       = aws_lb.this.dns_name
}

output "certificate_record" {
  description = "The record that shows AWS that the domain is yours. Leave it there: the certificate is renewed by it."
  value = [for option in aws_acm_certificate.this.domain_validation_options : {
    name  = option.resource_record_name
    type  = option.resource_record_type
    value = option.resource_record_value
  }]
}

output "certificate" {
  description = "For `aws acm wait certificate-validated --certificate-arn`."
  value       = aws_acm_certificate.this.arn
}

output "database_host" {
  description = "DATABASE_HOST"
  value       = aws_db_instance.this.address
}

output "database_administrator" {
  description = "The secret in Secrets Manager with the administrator's password."
  value       = try(aws_db_instance.this.master_user_secret[0].secret_arn, "")
}

output "bucket" {
  description = "MEDIA_S3_BUCKET"
  value       = aws_s3_bucket.pictures.bucket
}

output "trusted_proxies" {
  description = "TRUSTED_PROXIES: the balancer's subnets."
  value       = join(",", aws_subnet.public[*].cidr_block)
}
