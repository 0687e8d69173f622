// Tests of CanonicalJSON.
