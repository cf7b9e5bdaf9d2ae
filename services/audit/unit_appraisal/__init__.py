"""The appraisal of one unit: self-check, four standards scored with what each score rests on, objection, grade, praise or rectification (KH-03, KH-07)."""
