// Tests of HiscoresClient.
