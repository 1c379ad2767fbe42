import io
from PIL import Image
file = io.BytesIO()
Image.new("RGB", (2, 2), "red").save(file, "PNG")
assert Image.open(io.BytesIO(file.getvalue())).getpixel((1, 1)) == (255, 0, 0)
