"""蒙文 beside 汉文: block by block, made from what was signed, signed itself (decision 0046)."""
