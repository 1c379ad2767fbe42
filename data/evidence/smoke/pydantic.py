import pydantic
try:
    pydantic.TypeAdapter(list[int]).validate_python(["one"])
except pydantic.ValidationError as error:
    assert error.errors()[0]["type"] == "int_parsing"
