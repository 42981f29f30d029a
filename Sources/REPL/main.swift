print("dn")
