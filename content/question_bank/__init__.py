"""题库: questions kept by themselves.

``keeping`` writes versions, ``lessons`` puts copies into drafts and takes questions out of them,
``columns``, ``answers`` and ``reading`` understand spreadsheets, ``word_lines`` and
``word_reading`` manuscripts, ``file_pictures`` the pictures of both, ``rows`` what both say;
``taking`` takes them in, ``export`` and ``gift`` write them out. Lessons hold copies: nothing here
is asked when one is read or graded.
"""
