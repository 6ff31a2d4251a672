"""Screens of those who set study plans, below ``/cms/``. They say nothing of anybody's study."""
