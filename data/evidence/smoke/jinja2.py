import jinja2
assert jinja2.Template("{% for n in ns %}{{ n }};{% endfor %}").render(ns=[1, 2]) == "1;2;"
