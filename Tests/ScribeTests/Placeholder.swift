// Tests of Scribe.
