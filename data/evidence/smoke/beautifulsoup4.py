from bs4 import BeautifulSoup
assert BeautifulSoup("<p>a<p><b>c</b>", "html.parser").find("b").text == "c"
