import html5lib
assert html5lib.parse("<p>a<p>b", namespaceHTMLElements=False).findall("body/p")[1].text == "b"
