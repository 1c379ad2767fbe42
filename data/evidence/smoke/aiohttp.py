import aiohttp
async with aiohttp.ClientSession() as session, session.get("https://smoke.invalid/") as response:
    assert await response.text() == "pinwheel"
