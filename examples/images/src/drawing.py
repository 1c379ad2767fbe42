"""Pictures as PNG, by Pillow and by matplotlib."""

import io

import numpy as np
from PIL import Image


def gradient(width, height):
    red = np.linspace(0, 255, width, dtype="uint8")
    pixels = np.zeros((height, width, 3), dtype="uint8")
    pixels[..., 0] = red
    pixels[..., 2] = red[::-1]
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "PNG")
    return data.getvalue()


def plot():
    # Imported in the first request that draws one: matplotlib is large.
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots()
    x = np.linspace(0, 10, 100)
    axes.plot(x, np.sin(x))
    data = io.BytesIO()
    figure.savefig(data, format="png")
    pyplot.close(figure)
    return data.getvalue()
