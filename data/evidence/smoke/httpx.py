import httpx
async with httpx.AsyncClient() as client:
    assert (await client.get("https://smoke.invalid/")).text == "pinwheel"
