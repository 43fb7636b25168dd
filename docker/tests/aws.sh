#!/usr/bin/env bash
# Makes, changes and removes all of docker/aws in an AWS that is only played (moto): needs terraform, and moto_server of
# `pip install 'moto[all,server]'` on PATH. What it can't show is what only AWS does: a certificate, a host that starts.
set -euo pipefail
cd "$(dirname "$0")/../.."

scratch=$(mktemp -d)
port=${PORT:-5600}
server=
cleanup() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$scratch"
}
trap cleanup EXIT

cp -R docker "$scratch/"
# Policies that AWS itself keeps are there only when asked for.
MOTO_IAM_LOAD_MANAGED_POLICIES=true moto_server -H 127.0.0.1 -p "$port" >"$scratch/moto.log" 2>&1 &
server=$!
for _ in {1..120}; do
  if (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
  sleep 0.5
done

cd "$scratch/docker/aws"
terraform fmt -check
ssh-keygen -q -t ed25519 -N '' -f "$scratch/key"
cat >terraform.tfvars <<END
domain         = "api.example.com"
ssh_public_key = "$(cat "$scratch/key.pub")"
ssh_networks   = ["203.0.113.7/32"]
protected      = false
END
{
  printf 'provider "aws" {\n  access_key = "test"\n  secret_key = "test"\n'
  printf '  skip_credentials_validation = true\n  skip_metadata_api_check = true\n  s3_use_path_style = true\n  endpoints {\n'
  for service in acm ec2 elbv2 iam kms rds s3 secretsmanager ssm sts; do
    printf '    %s = "http://127.0.0.1:%s"\n' "$service" "$port"
  done
  printf '  }\n}\n'
  # moto knows Amazon's images alone.
  printf 'data "aws_ssm_parameter" "ubuntu" {\n  name = "/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-gp2"\n}\n'
} >played_override.tf

run() { # run WHAT ARGUMENTS...
  echo "=== $*"
  terraform "$@" -no-color >"$scratch/log" 2>&1 || {
    tail -n 40 "$scratch/log" >&2
    exit 1
  }
  grep -E '^(Apply|Destroy) complete' "$scratch/log" || true
}

run init
run validate
run apply -auto-approve
echo 'certificate_is_issued = true' >>terraform.tfvars
run apply -auto-approve
for name in certificate_record balancer certificate host host_id bucket database_host database_administrator trusted_proxies; do
  terraform output "$name" >/dev/null
done
run destroy -auto-approve
