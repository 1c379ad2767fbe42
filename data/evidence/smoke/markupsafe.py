from markupsafe import escape
assert str(escape("<a>")) == "&lt;a&gt;"
