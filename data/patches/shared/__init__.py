"""What every client has to know of the host's `fetch`, laid into each patched package as it stands.

host.py      what hosts do differently
errors.py    what JavaScript's errors say
headers.py   headers, as fetch takes and gives them
decoding.py  which headers no longer describe a body that fetch has decoded
requests.py  methods, URLs and headers that fetch would change, or writes itself
upload.py    request bodies as streams
call.py      the call of fetch
warning.py   refusals and warnings

Nothing here knows the client's own classes.
"""
