"""题库: questions kept by themselves.

``keeping`` writes versions, ``lessons`` puts copies into drafts and takes questions out of them,
``columns``, ``answers`` and ``reading`` understand spreadsheets, ``word_lines`` and
``word_reading`` manuscripts, ``rows`` what both say; ``taking`` takes them in,
``export`` writes them out. Lessons hold copies: nothing here is asked when one is read or graded.
"""
