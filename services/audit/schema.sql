-- The ledger: a copy of every log, exact to the byte. It can be rebuilt from the logs at any time, and never the other way round.
CREATE TABLE IF NOT EXISTS ledger (
    source             text        NOT NULL,
    position           bigint      NOT NULL,
    incarnation        uuid        NOT NULL,
    event_id           uuid        NOT NULL,
    originator_id      uuid        NOT NULL,
    originator_version integer     NOT NULL,
    topic              text        NOT NULL,
    case_id            uuid        NOT NULL,
    agency             text        NOT NULL,
    state              bytea       NOT NULL,
    leaf               bytea       NOT NULL,   -- sha256 of the leaf of the source's Merkle tree; its index is position - 1
    received_at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source, position)
);
CREATE INDEX IF NOT EXISTS ledger_case ON ledger (case_id);
CREATE INDEX IF NOT EXISTS ledger_agency ON ledger (agency, source, position);

-- Each log as a Merkle tree in tiles of 256 hashes, made from the ledger's rows and made again from them at any time.
CREATE TABLE IF NOT EXISTS tree (
    source text PRIMARY KEY,
    size   bigint NOT NULL
);
CREATE TABLE IF NOT EXISTS tile (
    source text     NOT NULL,
    level  smallint NOT NULL,
    number bigint   NOT NULL,
    hashes bytea    NOT NULL,
    PRIMARY KEY (source, level, number)
);
-- The signed heads. `note` carries the signatures of the log and of the witnesses; published once the quorum has cosigned.
CREATE TABLE IF NOT EXISTS checkpoint (
    source       text        NOT NULL,
    size         bigint      NOT NULL,
    note         text        NOT NULL,
    cosigned     integer     NOT NULL,
    signed_at    timestamptz NOT NULL,
    published_at timestamptz,
    PRIMARY KEY (source, size)
);
