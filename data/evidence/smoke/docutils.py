from docutils.core import publish_parts
assert "<em>a</em>" in publish_parts("*a*", writer_name="html5")["body"]
