// Tests of Diffing.
