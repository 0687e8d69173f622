// Tests of Hiscores.
