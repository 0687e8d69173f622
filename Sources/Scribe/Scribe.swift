// Room Scribe.
