from dateutil import parser
assert parser.parse("3 Feb 2025 10:20").isoformat() == "2025-02-03T10:20:00"
