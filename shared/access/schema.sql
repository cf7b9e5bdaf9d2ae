-- When each session was last seen, for the rule that an idle one ends. No fact of the log: it is told between processes and may be lost.
CREATE TABLE IF NOT EXISTS session_use (
    session uuid PRIMARY KEY,
    used double precision NOT NULL  -- seconds since 1970
);
