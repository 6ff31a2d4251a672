"""The office's roster (流动党员花名册) in: read, compared with the ledger, then taken in.

``core.sheets`` reads files, ``columns`` finds what stands where, ``values`` understands cells,
``lines`` rows; ``comparison`` says what would change, ``intake`` changes it. ``export`` writes the
ledger out, ``layouts`` remembers how an office writes.
Nothing is changed before somebody has seen the comparison.
"""
