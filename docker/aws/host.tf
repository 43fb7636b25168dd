data "aws_ssm_parameter" "ubuntu" {
  name = "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"
}

resource "aws_key_pair" "host" {
  key_name   = var.name
  public_key = var.ssh_public_key
}

resource "aws_instance" "host" {
  ami                         = data.aws_ssm_parameter.ubuntu.value
  instance_type               = var.host_type
  subnet_id                   = aws_subnet.public[0].id
  vpc_security_group_ids      = [aws_security_group.host.id]
  key_name                    = aws_key_pair.host.key_name
  iam_instance_profile        = aws_iam_instance_profile.host.name
  associate_public_ip_address = true

  # What `make server-new` runs, as the user who will release.
  user_data = <<-END
    #!/bin/sh
    exec runuser -u ubuntu -- sh -s <<'SCRIPT'
    ${file("${path.module}/../server_new.sh")}
    SCRIPT
  END

  metadata_options {
    http_tokens = "required"
    # Containers ask for the role's keys through one more hop.
    http_put_response_hop_limit = 2
  }
  root_block_device {
    volume_type = "gp3"
    volume_size = var.host_disk
    encrypted   = true
  }
  tags = { Name = var.name }
  # A newer image of Ubuntu, or another key, makes no other host.
  lifecycle { ignore_changes = [ami, user_data, key_name] }
}

resource "aws_eip" "host" {
  instance = aws_instance.host.id
  domain   = "vpc"
  tags     = { Name = var.name }
}

# --- What the host may do: its bucket, and being reached by Session Manager --------------------------------
data "aws_iam_policy_document" "ec2" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "bucket" {
  statement {
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.pictures.arn]
  }
  statement {
    # A large export is written in parts; those of one that fails are taken away.
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
    resources = ["${aws_s3_bucket.pictures.arn}/*"]
  }
}

resource "aws_iam_role" "host" {
  name               = "${var.name}-host"
  assume_role_policy = data.aws_iam_policy_document.ec2.json
}

resource "aws_iam_role_policy" "bucket" {
  name   = "bucket"
  role   = aws_iam_role.host.id
  policy = data.aws_iam_policy_document.bucket.json
}

resource "aws_iam_role_policy_attachment" "session_manager" {
  role       = aws_iam_role.host.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

resource "aws_iam_instance_profile" "host" {
  name = "${var.name}-host"
  role = aws_iam_role.host.name
}
