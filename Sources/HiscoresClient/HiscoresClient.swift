// Room HiscoresClient.
