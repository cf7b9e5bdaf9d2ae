-- By what requests are found that one person has made, or that ask the same (services/requests/alike.py). No text and no name: values of a keyed
-- hash, whose key comes from the platform's master key. A row is gone when the person's data is erased, and all are made anew with another key.
CREATE TABLE IF NOT EXISTS alike (
    request     uuid    PRIMARY KEY,
    agency      text    NOT NULL,
    received_on date    NOT NULL,
    person_key  uuid    NOT NULL,  -- whose data it is made from
    identity    bytea,             -- of the number of an identity document
    named       bytea   NOT NULL,  -- of name and contact
    content     bytea   NOT NULL   -- of what is asked for
);
CREATE INDEX IF NOT EXISTS alike_identity ON alike (agency, identity) WHERE identity IS NOT NULL;
CREATE INDEX IF NOT EXISTS alike_named ON alike (agency, named);
CREATE INDEX IF NOT EXISTS alike_content ON alike (agency, content);
CREATE INDEX IF NOT EXISTS alike_person_key ON alike (person_key);
CREATE TABLE IF NOT EXISTS alike_read (
    one      boolean PRIMARY KEY DEFAULT true CHECK (one),
    position bigint  NOT NULL,  -- of the log, up to which it was read
    key      text    NOT NULL   -- fingerprint of the master key that the hashes come from
);
