"""The yearly appraisal of the units: opened, scoped, planned, notified and settled by the leading group (KH-01, KH-05); each unit's is in unit_appraisal."""
