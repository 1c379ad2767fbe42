from lxml import etree
assert etree.fromstring("<a><b>1</b><b>2</b></a>").xpath("sum(//b)") == 3
