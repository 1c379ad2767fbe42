import io

import numpy
from api import Default, app  # noqa: F401
from fastapi import Response
from PIL import Image


@app.get("/picture")
async def picture():
    data = io.BytesIO()
    Image.fromarray(numpy.full((8, 8, 3), 7, "uint8")).save(data, "PNG")
    return Response(data.getvalue(), media_type="image/png")
