// Tests of HiscoresSimulator.
