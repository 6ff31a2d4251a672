"""Groups at the desk that sign: the three levels of review (三审), and those who read Mongolian."""

LEVELS = ("初审", "复审", "终审")
TRANSLATOR = "translator"
