-- Three roles and the database, for compose.yaml; PostgreSQL's image runs it once, with an empty volume, through psql.
-- The owner migrates and registers; what the other two may do is given to them by `agegate init` and `agegate migrate`.
\set owner `cat /run/secrets/owner_password`
\set app `cat /run/secrets/app_password`
\set worker `cat /run/secrets/worker_password`
CREATE ROLE agegate_owner LOGIN PASSWORD :'owner';
CREATE ROLE agegate_app LOGIN PASSWORD :'app';
CREATE ROLE agegate_worker LOGIN PASSWORD :'worker';
CREATE DATABASE agegate OWNER agegate_owner;
