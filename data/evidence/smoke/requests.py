import requests
assert requests.Request("GET", "https://a.example/", params={"q": "ä"}).prepare().url == "https://a.example/?q=%C3%A4"
