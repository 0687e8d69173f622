// Room Diffing.
