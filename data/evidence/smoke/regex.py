import regex
assert regex.findall(r"\p{Lu}", "aÄbÖ") == ["Ä", "Ö"]
