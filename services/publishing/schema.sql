-- What the public sees of publications and searches in: nothing in it that is not public, so it has no row-level security, which would keep
-- PostgreSQL from using the index of words. Written by the view `portal` alone, in its transactions, and written again when that is rebuilt.
CREATE TABLE IF NOT EXISTS shown (
    id              uuid        PRIMARY KEY,  -- the publication
    agency          text        NOT NULL,
    position        bigint      NOT NULL,     -- of the event that it was last written for
    gone            boolean     NOT NULL,     -- withdrawn: only that it was there is told
    title           text        NOT NULL,
    kind            text        NOT NULL,
    entry           uuid,                     -- the line of the catalogue
    matter          uuid,                     -- the important matter that it is a stage of
    subject         text        NOT NULL,
    issuer          text        NOT NULL,
    document_number text        NOT NULL,
    date_of_issue   date,
    published_on    date        NOT NULL,     -- the first time on the portal
    changed_at      timestamptz NOT NULL,     -- when what is shown was last changed
    version         bigint      NOT NULL,
    validity        text        NOT NULL,
    basis           text        NOT NULL,     -- of the validity
    keywords        jsonb       NOT NULL,
    files           jsonb       NOT NULL,     -- name, sha256, size (bytes), kept: the platform has it
    versions        jsonb       NOT NULL,     -- version, on, reason
    hashes          text[]      NOT NULL,     -- of the text and the files
    text            text        NOT NULL,
    compared        text        NOT NULL,     -- text, as it is compared; as long
    head            text        NOT NULL,     -- title, as it is compared
    labels          text        NOT NULL,     -- document number, subject, keywords, names of files, as they are compared
    words           tsvector    NOT NULL      -- pairs of neighbouring characters; '@' and the agency
);
CREATE INDEX IF NOT EXISTS shown_words ON shown USING gin (words) WITH (fastupdate = off);
CREATE INDEX IF NOT EXISTS shown_newest ON shown (agency, published_on DESC, id) WHERE NOT gone;
CREATE INDEX IF NOT EXISTS shown_hashes ON shown USING gin (hashes) WITH (fastupdate = off);
