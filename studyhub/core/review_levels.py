"""The three levels of review (三审), by the names of their groups at the desk."""

LEVELS = ("初审", "复审", "终审")
