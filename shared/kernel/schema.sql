-- The tables that every log stands on (architecture.md: "the log is the outbox"). Applied once to each database by `gongkai provision`,
-- as the owner; the service's own role can insert and select events, never change or remove them.

CREATE TABLE IF NOT EXISTS events (
    position           bigint   PRIMARY KEY,   -- dense: max + 1 under the advisory lock, so a gap is a loss
    originator_id      uuid     NOT NULL,      -- the aggregate
    originator_version integer  NOT NULL,
    topic              text     NOT NULL,      -- 'requests.RequestReceived:1'
    state              bytea    NOT NULL,      -- plain JSON; these exact bytes are published, copied and hashed
    event_id           uuid     NOT NULL UNIQUE,
    case_id            uuid     NOT NULL,
    agency             text     NOT NULL,
    lane               smallint NOT NULL,      -- case_id mod 16: order is kept within a lane
    lane_before        bigint   NOT NULL,      -- position of the event before it in the lane, 0 for the first
    UNIQUE (originator_id, originator_version)
);
CREATE INDEX IF NOT EXISTS events_case ON events (case_id, position);
CREATE INDEX IF NOT EXISTS events_lane ON events (lane, position);

-- Which life of the log this is: a log restored from a backup gets a new one, so that readers notice.
CREATE TABLE IF NOT EXISTS log_identity (incarnation uuid NOT NULL);
INSERT INTO log_identity SELECT gen_random_uuid() WHERE NOT EXISTS (SELECT FROM log_identity);

-- How far the events of another service have been handled; written in the transaction of their effect. Lane -1: the whole log.
CREATE TABLE IF NOT EXISTS inbox (
    source text NOT NULL, lane smallint NOT NULL, position bigint NOT NULL, incarnation uuid NOT NULL, PRIMARY KEY (source, lane)
);
CREATE TABLE IF NOT EXISTS inbox_refused (
    source text NOT NULL, position bigint NOT NULL, case_id uuid NOT NULL, topic text NOT NULL, code text NOT NULL, sentence text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (source, position)
);
CREATE TABLE IF NOT EXISTS inbox_parked (
    source text NOT NULL, position bigint NOT NULL, lane smallint NOT NULL, case_id uuid NOT NULL, topic text NOT NULL,
    headers jsonb NOT NULL, state bytea NOT NULL, error text NOT NULL, attempts integer NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT now(), released_at timestamptz, PRIMARY KEY (source, position)
);
CREATE INDEX IF NOT EXISTS inbox_parked_case ON inbox_parked (source, case_id) WHERE released_at IS NULL;

-- What a key was answered with (seven days), so that a repeated command is answered and not carried out again.
CREATE TABLE IF NOT EXISTS idempotency (key bytea PRIMARY KEY, body bytea NOT NULL, result bytea NOT NULL, at timestamptz NOT NULL DEFAULT now());

-- Read models live apart: the service's role owns what is in it, and a rebuild stands beside the version that serves.
CREATE SCHEMA IF NOT EXISTS views;
-- How far each share of the lanes of each version of a view has read.
CREATE TABLE IF NOT EXISTS views.progress (
    view text NOT NULL, version text NOT NULL, share smallint NOT NULL DEFAULT 0, position bigint NOT NULL, serving boolean NOT NULL,
    PRIMARY KEY (view, version, share)
);
DO $$ BEGIN  -- Made before views had shares. What served then is built again beside it by the first program that runs.
    IF NOT EXISTS (SELECT FROM information_schema.columns WHERE table_schema = 'views' AND table_name = 'progress' AND column_name = 'share') THEN
        ALTER TABLE views.progress ADD COLUMN share smallint NOT NULL DEFAULT 0, DROP CONSTRAINT progress_pkey,
            ADD PRIMARY KEY (view, version, share);
    END IF;
END $$;
CREATE TABLE IF NOT EXISTS views.parked (
    view text NOT NULL, version text NOT NULL, case_id uuid NOT NULL, position bigint NOT NULL, error text NOT NULL, at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (view, version, position)
);
