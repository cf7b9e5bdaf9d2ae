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
