// Room Reporting.
