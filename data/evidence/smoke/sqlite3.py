import sqlite3
assert sqlite3.connect(":memory:").execute("select 6 * 7").fetchone() == (42,)
