#!/bin/sh
# Makes ./secrets for compose.yaml, once, as root, from the project's folder and after the image was built:
#   AGEGATE_MAIL_URL='smtp://USER:PASSWORD@mail.example:587?tls=starttls' deploy/secrets.sh
# Keep a copy of keys.json apart from the database's backups.
set -eu
: "${AGEGATE_MAIL_URL:?where mail goes, see docs/settings.md}"
umask 077
mkdir secrets
cd secrets
invented() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
for role in owner app worker; do
  invented > "${role}_password"
  printf 'postgresql://agegate_%s:%s@database/agegate' "$role" "$(cat "${role}_password")" > "${role}_url"
done
invented > postgres_password
invented > AGEGATE_METRICS_TOKEN
printf '%s' "$AGEGATE_MAIL_URL" > AGEGATE_MAIL_URL
docker run --rm --user 0 --network none --volume "$PWD:/out" --env AGEGATE_KEK_FILE=/out/keys.json agegate init --key-file-only
chmod 0440 ./*
chown 0:10001 ./* # agegate's group in its image
chown 0:999 ./*_password # PostgreSQL's in its own
