-- Keys of personal data, in a database of their own with backups of their own: an old backup of the events brings no erased person back.
CREATE TABLE IF NOT EXISTS person_key (
    id            uuid        PRIMARY KEY,
    agency        text        NOT NULL,
    kek           smallint    NOT NULL,          -- version of the master key that wraps it
    wrapped       bytea,                         -- AES-KW (RFC 3394); NULL once it is destroyed
    made_at       timestamptz NOT NULL DEFAULT now(),
    destroyed_at  timestamptz,
    requested_by  text,
    approved_by   text,
    basis         text
);
CREATE TABLE IF NOT EXISTS master_key_seen (version smallint PRIMARY KEY, fingerprint text NOT NULL, seen_at timestamptz NOT NULL DEFAULT now());
