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
    basis         text,
    CONSTRAINT destroyed_by_two_persons CHECK (
        CASE WHEN wrapped IS NOT NULL THEN destroyed_at IS NULL AND requested_by IS NULL AND approved_by IS NULL
             ELSE destroyed_at IS NOT NULL AND requested_by IS NOT NULL AND approved_by IS NOT NULL AND basis IS NOT NULL
                  AND requested_by <> approved_by
        END)
);
CREATE INDEX IF NOT EXISTS person_key_destroyed ON person_key (id) WHERE wrapped IS NULL;

-- The versions of the master key that this database has met, so that another key is noticed before anything is encrypted under it.
CREATE TABLE IF NOT EXISTS master_key_seen (
    version       smallint    PRIMARY KEY,
    fingerprint   text        NOT NULL,
    seen_at       timestamptz NOT NULL DEFAULT now(),
    superseded_at timestamptz,                   -- wraps no more since then
    removed_at    timestamptz,                   -- no key is wrapped under it, and its file does not hold it any more
    escrowed_at   timestamptz,                   -- its shares are in the custodians' hands
    escrow_note   text
);

-- What is destroyed stays so: no statement brings a wrapped key back, and no row goes away.
CREATE OR REPLACE FUNCTION keep_destroyed() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    IF TG_OP IN ('DELETE', 'TRUNCATE') THEN RAISE EXCEPTION 'keys are destroyed, never removed'; END IF;
    IF OLD.wrapped IS NULL THEN RAISE EXCEPTION 'a destroyed key stays destroyed'; END IF;
    IF NEW.id <> OLD.id OR NEW.agency <> OLD.agency THEN RAISE EXCEPTION 'a key keeps its id and its agency'; END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER keys_stay_destroyed BEFORE UPDATE OR DELETE ON person_key FOR EACH ROW EXECUTE FUNCTION keep_destroyed();
CREATE OR REPLACE TRIGGER keys_are_not_removed BEFORE TRUNCATE ON person_key FOR EACH STATEMENT EXECUTE FUNCTION keep_destroyed();
