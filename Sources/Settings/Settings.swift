// Room Settings.
