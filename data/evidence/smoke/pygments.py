from pygments import formatters, highlight, lexers
assert '<span class="mi">1</span>' in highlight("a = 1", lexers.PythonLexer(), formatters.HtmlFormatter())
