print("osrs-archive")
