// Room HiscoresSimulator.
