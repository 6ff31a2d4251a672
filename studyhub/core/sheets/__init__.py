"""Spreadsheet files from anywhere as rows of text: a roster of an office, questions of a bank."""
