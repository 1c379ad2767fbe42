from pydantic_core import SchemaValidator
assert SchemaValidator({"type": "int"}).validate_python("42") == 42
