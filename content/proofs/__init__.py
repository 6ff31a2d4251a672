"""Proof-reading (校对): what a lesson's words break of the rules. Pure functions, no database."""
